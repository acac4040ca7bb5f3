package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.turns.timeline.Ending;
import dev.holdfast.cli.turns.timeline.Findings;
import dev.holdfast.cli.turns.timeline.Span;
import dev.holdfast.cli.turns.timeline.Timeline;
import dev.holdfast.domain.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One turn, as a person reads it: what it is, and what happened when. */
@Command(
    name = "show",
    description = {
      "One turn, and its timeline: attempts, who held them and why they were lost, checkpoints and what they took in, what was left"
          + " to the next turn, a cancel and how far it came, the end and why.",
      "",
      "Times are those of the node, in UTC, and since the turn was opened. The line on the left is dotted while nobody works on"
          + " the turn. -o json gives the turn as the node tells it."},
    footer = {"", "Examples:", "  holdfast turn show turn-0000000000000007",
      "  holdfast turn show turn-0000000000000007 -o json"})
final class TurnShowCommand extends NodeVerb {
  /** Of more lost attempts than these the newest are asked for their last sign of life. */
  private static final int MOST_ASKED = 16;
  private static final List<Column> FACTS = List.of(Column.of("turn", "turn_id"), Column.of("worker", "session_id"),
      Column.of("index", "turn_index"), Column.of("state", "state"), Column.of("attempts", "attempt_count"),
      Column.of("tokens", "tokens"));

  @Parameters(paramLabel = "TURN", description = "The turn's id.")
  String turn = "";

  @Override
  public Integer call() {
    Json found = client().object("/api/v1/turns/" + Client.encoded(turn));
    if (output().isForPrograms() || output().format() == Output.Format.NAME) {
      output().one(found, FACTS);
      return ExitCode.OK;
    }
    output().one(forPeople(found), FACTS);
    List<String> lines = new Timeline(found, findings(found)).lines();
    if (!lines.isEmpty()) {
      screen().line("");
      lines.forEach(screen()::line);
    }
    return ExitCode.OK;
  }

  private static Json forPeople(Json found) {
    var members = TurnCommand.forPeople(found).members();
    String outcome = text(found, "outcome");
    if (outcome != null) {
      Instant created = Timeline.at(found, "created_at");
      Instant ended = Timeline.at(found, "ended_at");
      members.put("state", new Ending(outcome, text(found, "outcome_reason")).text()
          + (created == null || ended == null ? "" : ", after " + Span.between(created, ended).text()));
    }
    String in = text(found, "usage.input_tokens");
    if (in != null) {
      members.put("tokens", in + " in, " + text(found, "usage.output_tokens") + " out");
    }
    return Json.of(members);
  }

  /** What tells more than the turn itself. All of it may be refused, and the timeline is the poorer for it. */
  private Findings findings(Json found) {
    boolean open = text(found, "outcome") == null;
    String id = text(found, "session_id");
    Json present = id == null ? null : orNull("/api/v1/sessions/" + Client.encoded(id));
    List<Json> events = id == null || present == null ? List.of() : events(present, id);
    Json session = open ? present : null;
    boolean silent = session != null && !"running".equals(text(session, "activity"));
    List<Json> attempts = list(found, "attempts");
    Map<Integer, Json> records = new HashMap<>();
    for (int i = Math.max(0, attempts.size() - MOST_ASKED); i < attempts.size(); i++) {
      boolean last = i == attempts.size() - 1;
      boolean lost = "lost".equals(text(attempts.get(i), "ended_by"));
      boolean unexplained = last && !open && text(found, "outcome_reason") != null;
      if (lost || (last && silent) || unexplained) {
        Json record = lastRecord(attempts.get(i));
        if (record != null) {
          records.put(i + 1, record);
        }
      }
    }
    return new Findings(session, events, records, Instant.now());
  }

  /** One page of what happened in the session since the turn began, whose id is that of its first event. */
  private List<Json> events(Json session, String worker) {
    String runtime = text(session, "worker_ref.runtime_id");
    if (runtime == null || !turn.matches("turn-[0-9a-f]{16}")) {
      return List.of();
    }
    String cursor = runtime + ":" + Long.parseLong(turn.substring("turn-".length()), 16);
    Json page = orNull("/api/v1/events?worker_id=" + Client.encoded(worker) + "&cursor=" + Client.encoded(cursor)
        + "&limit=" + PAGE);
    return page == null ? List.of() : list(page, "events");
  }

  private @Nullable Json lastRecord(Json attempt) {
    String seq = text(attempt, "last_output_seq");
    if (seq == null || seq.equals("0")) {
      return null;
    }
    Json page = orNull("/api/v1/turns/" + Client.encoded(turn) + "/output?after=" + text(attempt, "number") + "."
        + (Long.parseLong(seq) - 1) + "&limit=1");
    List<Json> records = page == null ? List.of() : list(page, "items");
    return records.isEmpty() ? null : records.getFirst();
  }

  private @Nullable Json orNull(String path) {
    try {
      return client().get(path);
    } catch (Refusal refusal) {
      return null;
    }
  }
}
