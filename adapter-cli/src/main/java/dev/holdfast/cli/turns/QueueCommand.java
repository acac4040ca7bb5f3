package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.turns.timeline.Span;
import dev.holdfast.cli.turns.timeline.Timeline;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.queue.Payload;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What waits in sessions beside inputs: wakes and commands. */
@Command(
    name = "queue",
    description = {
      "Wake workers, command their sessions, and see what waits there.", "",
      "A wake tells a worker that something happened elsewhere, and opens a turn for it. A command changes the session itself and"
          + " comes before later turn work. Inputs are in a queue of their own: holdfast input."},
    subcommands = {
      QueueCommand.Listed.class, WakeCommand.class, QueueCommand.SessionCommanded.class, QueueCommand.Cancel.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast queue list worker-00000001",
      "  holdfast queue wake worker-00000001 --origin mail --sequence 17 \"Two new messages\"",
      "  holdfast queue command worker-00000001 reset_session",
      "  holdfast queue cancel worker-00000001 batch-0000000000000009"})
public final class QueueCommand {
  static final List<Column> FACTS = List.of(Column.of("batch", "batch_id"), Column.of("state", "state_text"),
      Column.of("what", "what"), Column.of("turn", "turn_id"), Column.of("available", "available_at"),
      Column.of("delivery", "delivery_policy"), Column.of("slot", "slot_policy"), Column.of("key", "source_key"));
  private static final List<Column> COLUMNS = List.of(Column.of("BATCH", "batch_id"), Column.of("STATE", "state_text"),
      Column.of("WHAT", "what"), Column.of("TURN", "turn_id"), Column.wide("SEQ", "enqueue_seq"),
      Column.wide("DELIVERY", "delivery_policy"), Column.wide("SLOT", "slot_policy"), Column.wide("MERGE", "merge"),
      Column.wide("ENQUEUED", "enqueued_at"), Column.wide("KEY", "source_key"));

  /** What a table shows of a batch in one cell each. */
  static Json forPeople(Json batch) {
    var members = batch.members();
    members.put("state_text", state(batch));
    List<String> items = members.get("items") instanceof List<?> list
        ? list.stream().map(item -> what(Json.of(item))).toList()
        : List.of();
    members.put("what", String.join("; ", items));
    String kind = Verb.text(batch, "merge_key.kind");
    String name = Verb.text(batch, "merge_key.name");
    members.put("merge", kind == null ? null : kind + (name == null ? "" : " " + name));
    return Json.of(members);
  }

  private static String state(Json batch) {
    String state = Objects.requireNonNullElse(Verb.text(batch, "state"), "");
    if (!state.equals("waiting")) {
      return state;
    }
    Instant available = Timeline.at(batch, "available_at");
    if (available != null && available.isAfter(Instant.now())) {
      return "due in " + Span.between(Instant.now(), available).text();
    }
    return Verb.text(batch, "claim.claim_id") == null ? state : "claimed";
  }

  private static String what(Json item) {
    String kind = Objects.requireNonNullElse(Verb.text(item, "kind"), "");
    String text = Verb.text(item, "text");
    String note = Verb.text(item, "note");
    if (kind.equals("wake")) {
      return Verb.text(item, "origin") + ":" + Verb.text(item, "origin_sequence") + (text == null ? "" : " " + text);
    }
    return kind + (note == null ? "" : " (" + note + ")");
  }

  /** What waits, and what has been. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The queued work of a worker, oldest first.",
      footer = {"", "Examples:", "  holdfast queue list worker-00000001 --state waiting",
        "  holdfast queue ls worker-00000001 -o wide"})
  static final class Listed extends NodeVerb {
    private static final List<String> STATES = List.of("waiting", "completed", "cancelled");

    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Option(names = "--state", paramLabel = "STATE", description = "waiting, completed or cancelled.")
    @Nullable
    String state;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 1000.")
    int limit = 1_000;

    @Override
    public Integer call() {
      if (state != null && !STATES.contains(state)) {
        throw Refusal.of(Reason.INVALID_REQUEST,
            "the state is one of " + String.join(", ", STATES) + ", not " + state);
      }
      List<Json> batches = items("/api/v1/workers/" + Client.encoded(worker) + "/queue"
          + (state == null ? "" : "?state=" + Client.encoded(state)), limit);
      output().list(output().isForPrograms() ? batches : batches.stream().map(QueueCommand::forPeople).toList(),
          COLUMNS);
      return ExitCode.OK;
    }
  }

  /** A command for a session. */
  @Command(
      name = "command",
      description = {
        "Enqueue a command for a worker's session.", "",
        "reset_session begins the context of turns anew and keeps the transcript; refresh_tool_catalog has the executor look at its"
            + " tools again."},
      footer = {
        "", "Examples:",
        "  holdfast queue command worker-00000001 reset_session --note \"a new task\"",
        "  holdfast queue command worker-00000001 refresh_tool_catalog --key deploy-7     twice is once"})
  static final class SessionCommanded extends NodeVerb {
    private static final List<String> KINDS = Arrays.stream(Payload.Command.Kind.values()).map(k -> k.text()).toList();

    @Parameters(index = "0", paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Parameters(index = "1", paramLabel = "COMMAND", description = "reset_session or refresh_tool_catalog.")
    String kind = "";

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; it is kept with the command.")
    @Nullable
    String note;

    @Option(names = "--key", paramLabel = "KEY", description = "Sent again under the same key, it is taken once.")
    @Nullable
    String key;

    @Override
    public Integer call() {
      if (!KINDS.contains(kind)) {
        throw Refusal.of(Reason.INVALID_REQUEST, "the command is one of " + String.join(", ", KINDS) + ", not " + kind);
      }
      Json batch = client().post("/api/v1/workers/" + Client.encoded(worker) + "/commands",
          Json.object("kind", kind, "note", note), key == null ? Client.freshKey() : key);
      output().one(output().isForPrograms() ? batch : forPeople(batch), FACTS);
      screen().whisper("see when it is done with: holdfast queue list " + worker);
      return ExitCode.OK;
    }
  }

  /** Takes queued work back. */
  @Command(
      name = "cancel",
      aliases = "rm",
      description = "Cancel queued work that waits. What a turn has taken is cancelled with its turn.",
      footer = {"", "Examples:", "  holdfast queue cancel worker-00000001 batch-0000000000000009",
        "  holdfast queue list worker-00000001 --state waiting -o name | xargs holdfast queue cancel worker-00000001",
        "", "Exits 0 when all of it is cancelled, 5 when something was completed before, which is told."})
  static final class Cancel extends NodeVerb {
    @Parameters(index = "0", paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "BATCH", description = "The batches' ids.")
    List<String> batches = List.of();

    @Override
    public Integer call() {
      List<Json> cancelled = batches.stream().map(this::cancelled).map(Cancel::withOutcome).toList();
      List<Json> shown = output().isForPrograms() ? cancelled
          : cancelled.stream().map(QueueCommand::forPeople).toList();
      if (shown.size() == 1) {
        output().one(shown.getFirst(), FACTS);
      } else {
        output().list(shown, COLUMNS);
      }
      List<Json> completed = cancelled.stream().filter(batch -> !"cancelled".equals(text(batch, "state"))).toList();
      completed.forEach(batch -> screen().talk("holdfast: " + became(batch)));
      return completed.isEmpty() ? ExitCode.OK : ExitCode.CONFLICT;
    }

    /** What has ended answers as it is, so its state is what became of the cancel. */
    private static Json withOutcome(Json batch) {
      var members = batch.members();
      members.put("outcome", "cancelled".equals(members.get("state")) ? "cancelled" : "already_completed");
      return Json.of(members);
    }

    private static String became(Json batch) {
      String turn = text(batch, "turn_id");
      return text(batch, "batch_id") + " was not cancelled: it is completed, "
          + (turn == null
              ? "the command was carried out before"
              : turn + " took it before\n  try: holdfast turn show " + turn);
    }

    private Json cancelled(String batch) {
      try {
        return client().delete("/api/v1/workers/" + Client.encoded(worker) + "/queue/" + Client.encoded(batch));
      } catch (Refusal refusal) {
        String turn = refusal.fact("turn_id");
        if (refusal.is(Reason.BATCH_CLAIMED) && turn != null) {
          refusal.told(batch + " is part of " + turn + ", which is open").next("holdfast turn cancel " + turn);
        }
        if (refusal.is(Reason.BATCH_NOT_FOUND)) {
          refusal.told(batch + " is not in the queue of " + worker).next("holdfast queue list " + worker);
        }
        throw refusal;
      }
    }
  }
}
