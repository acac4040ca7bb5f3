package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Inputs of workers. */
@Command(
    name = "input",
    description = "Send inputs to workers, see where they stand, cancel those that wait.",
    subcommands = {SendCommand.class, InputCommand.Listed.class, InputCancelCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast input send worker-00000001 \"Start with the storage changes\"",
      "  holdfast input list worker-00000001 --state deferred_next_turn",
      "  holdfast input cancel worker-00000001 in-0000000000000005"})
public final class InputCommand {

  /** Where a worker's inputs stand. */
  @Command(
      name = "list",
      aliases = "ls",
      description = {
        "The inputs of a worker, oldest first.", "",
        "pending_active waits for a checkpoint of the turn that is named, accepted was taken in there; deferred_next_turn waits for"
            + " the next turn, and is shown as in_open_turn once a turn has begun with it; completed is part of what a turn"
            + " committed. --state and -o json know in_open_turn as deferred_next_turn with a turn_id."},
      footer = {"", "Examples:", "  holdfast input list worker-00000001",
        "  holdfast input list worker-00000001 --state pending_active",
        "  holdfast input ls worker-00000001 -o ndjson"})
  static final class Listed extends NodeVerb {
    private static final List<String> STATES =
        List.of("pending_active", "accepted", "deferred_next_turn", "completed", "cancelled");
    private static final List<Column> COLUMNS =
        List.of(Column.of("INPUT", "input_id"), Column.of("STATE", "state_text"),
            Column.wide("KIND", "kind"), Column.of("TURN", "turn_id"), Column.wide("AT", "enqueued_at"),
            Column.wide("KEY", "source_key"), Column.of("CONTENT", "content"));

    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Option(names = "--state", paramLabel = "STATE",
        description = "pending_active, accepted, deferred_next_turn, completed or cancelled.")
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
      List<Json> inputs = items("/api/v1/workers/" + Client.encoded(worker) + "/inputs"
          + (state == null ? "" : "?state=" + Client.encoded(state)), limit);
      output().list(output().isForPrograms() ? inputs : inputs.stream().map(Listed::forPeople).toList(), COLUMNS);
      return ExitCode.OK;
    }

    /** What a turn began with keeps its state until the turn ends, which isn't what a person wants to know of it. */
    private static Json forPeople(Json input) {
      var members = input.members();
      boolean taken = "deferred_next_turn".equals(members.get("state")) && members.get("turn_id") != null;
      members.put("state_text", taken ? "in_open_turn" : members.get("state"));
      return Json.of(members);
    }
  }
}
