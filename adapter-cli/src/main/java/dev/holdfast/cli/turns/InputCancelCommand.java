package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The cancel of inputs: one, several at once, or all from one on. */
@Command(
    name = "cancel",
    description = {
      "Cancel inputs that wait: one, several at once, or one and all that came later.", "",
      "An input that a turn has taken can't be cancelled by itself; with --cascade its turn is cancelled."},
    footer = {
      "", "Examples:",
      "  holdfast input cancel worker-00000001 in-0000000000000005",
      "  holdfast input cancel worker-00000001 in-0000000000000005 in-0000000000000009 --cascade",
      "  holdfast input cancel worker-00000001 --from in-0000000000000005",
      "  holdfast input cancel worker-00000001 --source-key release-7",
      "",
      "Exits 0 when none of them will be worked on, 5 when one is taken or completed, 3 when one isn't there."})
final class InputCancelCommand extends NodeVerb {
  private static final Set<String> LEFT = Set.of("already_claimed", "already_completed");
  private static final List<Column> ONE = List.of(Column.of("input", "input.input_id"), Column.of("outcome", "outcome"),
      Column.of("state", "input.state"), Column.of("turn", "turn_id"));
  private static final List<Column> MANY = List.of(Column.of("TARGET", "target"), Column.of("OUTCOME", "outcome"),
      Column.of("TURN", "turn_id"));

  @Parameters(index = "0", paramLabel = "WORKER", description = "The worker's id.")
  String worker = "";

  @Parameters(index = "1..*", paramLabel = "INPUT", description = "The inputs' ids.")
  List<String> inputs = List.of();

  @Option(names = "--source-key", paramLabel = "KEY", description = "Name an input by the key that it was sent under.")
  List<String> keys = List.of();

  @Option(names = "--from", paramLabel = "INPUT", description = "This input and all that came later.")
  @Nullable
  String from;

  @Option(names = "--cascade", description = "Cancel the turn of an input that was taken.")
  boolean cascade;

  @Override
  public Integer call() {
    if (from != null ? !inputs.isEmpty() || !keys.isEmpty() : inputs.isEmpty() && keys.isEmpty()) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "name inputs by their ids or with --source-key, or the first with --from");
    }
    if (from == null && keys.isEmpty() && inputs.size() == 1) {
      Json answer = cancelled(inputs.getFirst());
      output().one(answer, ONE);
      hint(text(answer, "turn_id"));
      return ExitCode.OK;
    }
    return from == null || isConfirmed("Cancel " + from + " and every later input of " + worker + "?")
        ? several()
        : ExitCode.OK;
  }

  private String path() {
    return "/api/v1/workers/" + Client.encoded(worker) + "/inputs/";
  }

  private Json cancelled(String input) {
    try {
      return client().post(path() + Client.encoded(input) + "/cancel", Json.object("cascade", cascade),
          Client.freshKey());
    } catch (Refusal refusal) {
      if (refusal.is(Reason.ALREADY_CLAIMED)) {
        explain(refusal, input);
      } else if (refusal.is(Reason.ALREADY_COMPLETED)) {
        refusal.next("holdfast input list " + worker);
      } else if (refusal.is(Reason.INPUT_NOT_FOUND)) {
        refusal.told(worker + " has no input " + input).next("holdfast input list " + worker);
      }
      throw refusal;
    }
  }

  private void explain(Refusal refusal, String input) {
    String turn = refusal.fact("turn_id");
    String owner = refusal.fact("owner_id");
    refusal.told(input + (turn == null ? " is being taken for a new turn" : " is part of " + turn + ", which is open")
        + (owner == null ? "" : "; " + owner + " works on it"));
    refusal.next(turn == null
        ? "the same command again in a moment"
        : "holdfast input cancel " + worker + " " + input + " --cascade, which cancels the turn");
  }

  private int several() {
    Json body = from != null
        ? Json.object("from_input_id", from)
        : Json.object("targets", Stream.concat(inputs.stream().map(id -> Json.object("input_id", id)),
            keys.stream().map(key -> Json.object("source_key", key))).toList());
    List<Json> results = new ArrayList<>();
    for (Json result : results(body)) {
      results.add(cascade && "already_claimed".equals(text(result, "outcome")) ? cascaded(result) : result);
    }
    output().list(results, MANY);
    List<String> outcomes = results.stream().map(result -> String.valueOf(text(result, "outcome"))).toList();
    if (outcomes.contains("already_claimed")) {
      screen().talk(
          "holdfast: a turn has taken some of them\n  try: the same command with --cascade, which cancels the turn");
    }
    results.stream().filter(result -> "turn_cancel_requested".equals(text(result, "outcome"))).findFirst()
        .ifPresent(result -> hint(text(result, "turn_id")));
    if (outcomes.stream().anyMatch(LEFT::contains)) {
      return ExitCode.CONFLICT;
    }
    return outcomes.contains("not_found") ? ExitCode.NOT_FOUND : ExitCode.OK;
  }

  private List<Json> results(Json body) {
    try {
      return list(client().post(path() + "cancel", body, Client.freshKey()), "results");
    } catch (Refusal refusal) {
      if (refusal.is(Reason.ANCHOR_NOT_FOUND)) {
        refusal.told(worker + " has no input " + from).next("holdfast input list " + worker);
      }
      throw refusal;
    }
  }

  /** The turn may have ended in between, which then is what there is to tell. */
  private Json cascaded(Json result) {
    String input = text(result, "input_id");
    if (input == null) {
      return result;
    }
    var members = result.members();
    try {
      Json answer = cancelled(input);
      members.put("outcome", text(answer, "outcome"));
      members.put("turn_id", text(answer, "turn_id"));
      members.values().removeIf(value -> value == null);
    } catch (Refusal refusal) {
      if (!refusal.is(Reason.ALREADY_COMPLETED)) {
        throw refusal;
      }
      members.put("outcome", Reason.ALREADY_COMPLETED.code());
    }
    return Json.of(members);
  }

  private void hint(@Nullable String turn) {
    if (turn != null) {
      screen().whisper("its turn is cancelled with it; see how with: holdfast turn show " + turn);
    }
  }
}
