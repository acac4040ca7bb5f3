package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Inputs of workers. */
@Command(
    name = "input",
    description = "Send inputs to workers, and see where they stand.",
    subcommands = {SendCommand.class, InputCommand.Listed.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast input send worker-00000001 \"Start with the storage changes\"",
      "  holdfast input list worker-00000001 --state deferred_next_turn"})
public final class InputCommand {

  /** Where a worker's inputs stand. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The inputs of a worker, oldest first.",
      footer = {"", "Examples:", "  holdfast input list worker-00000001",
        "  holdfast input ls worker-00000001 -o ndjson"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("INPUT", "input_id"), Column.of("STATE", "state"),
        Column.of("KIND", "kind"), Column.of("TURN", "turn_id"), Column.wide("AT", "enqueued_at"),
        Column.of("CONTENT", "content"));

    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Option(names = "--state", paramLabel = "STATE", description = "deferred_next_turn, completed or cancelled.")
    @Nullable
    String state;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 1000.")
    int limit = 1_000;

    @Override
    public Integer call() {
      output().list(items("/api/v1/workers/" + Client.encoded(worker) + "/inputs"
          + (state == null ? "" : "?state=" + Client.encoded(state)), limit), COLUMNS);
      return ExitCode.OK;
    }
  }
}
