package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns of workers. */
@Command(
    name = "turn",
    description = "Look at turns, and follow them.",
    subcommands = {TurnCommand.Listed.class, TurnCommand.Show.class, TurnCommand.Follow.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast turn list worker-00000001",
      "  holdfast turn follow turn-0000000000000007"})
public final class TurnCommand {
  private static final List<Column> COLUMNS = List.of(Column.of("TURN", "turn_id"), Column.of("INDEX", "turn_index"),
      Column.of("OUTCOME", "outcome"), Column.of("REASON", "outcome_reason"), Column.of("CREATED", "created_at"),
      Column.of("ENDED", "ended_at"), Column.wide("INPUTS", "start_inputs"),
      Column.wide("TOKENS", "usage.output_tokens"));

  /** The turns of one worker. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The turns of a worker, oldest first. A turn without an outcome is open.",
      footer = {"", "Examples:", "  holdfast turn list worker-00000001", "  holdfast turn ls worker-00000001 -o json"})
  static final class Listed extends NodeVerb {
    @Parameters(paramLabel = "WORKER", description = "The worker's id.")
    String worker = "";

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 1000.")
    int limit = 1_000;

    @Override
    public Integer call() {
      output().list(items("/api/v1/workers/" + Client.encoded(worker) + "/turns", limit), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One turn with its attempts. */
  @Command(
      name = "show",
      description = "One turn, with its attempts.",
      footer = {"", "Examples:", "  holdfast turn show turn-0000000000000007"})
  static final class Show extends NodeVerb {
    private static final List<Column> ATTEMPTS = List.of(Column.of("ATTEMPT", "number"),
        Column.of("GENERATION", "generation"), Column.of("STARTED", "started_at"), Column.of("ENDED", "ended_at"),
        Column.of("ENDED BY", "ended_by"), Column.of("RECORDS", "last_output_seq"), Column.wide("OWNER", "owner_id"));
    private static final List<Column> FACTS = List.of(Column.of("turn", "turn_id"), Column.of("worker", "session_id"),
        Column.of("index", "turn_index"), Column.of("inputs", "start_inputs"), Column.of("outcome", "outcome"),
        Column.of("reason", "outcome_reason"), Column.of("created", "created_at"), Column.of("ended", "ended_at"),
        Column.of("input tokens", "usage.input_tokens"), Column.of("output tokens", "usage.output_tokens"));

    @Parameters(paramLabel = "TURN", description = "The turn's id.")
    String turn = "";

    @Override
    public Integer call() {
      Json found = client().object("/api/v1/turns/" + Client.encoded(turn));
      output().one(found, FACTS);
      if (!output().isForPrograms() && output().format() != Output.Format.NAME) {
        screen().line("");
        output().list(list(found, "attempts"), ATTEMPTS);
      }
      return ExitCode.OK;
    }
  }

  /** A turn's answer from its start, to its end. */
  @Command(
      name = "follow",
      description = "Show a turn's answer from its start to its end, across restarts of the node.",
      footer = {
        "", "Examples:",
        "  holdfast turn follow turn-0000000000000007",
        "  holdfast turn follow --worker worker-00000001     the worker's newest turn",
        "",
        "A pipe or file gets the final text, once; -o ndjson gives every record as it comes. A node that went away is"
            + " waited for, for 60 s.",
        "", "Exits 0 when the turn completed, 1 when it failed or is incomplete, 130 after Ctrl-C, which detaches."})
  static final class Follow extends Following {
    @Parameters(arity = "0..1", paramLabel = "TURN", description = "The turn's id.")
    @Nullable
    String turn;

    @Option(names = "--worker", paramLabel = "WORKER", description = "Follow this worker's newest turn instead.")
    @Nullable
    String worker;

    @Override
    public Integer call() {
      Json found = turn == null ? newest() : client().object("/api/v1/turns/" + Client.encoded(turn));
      String session = required(found, "session_id");
      long position = 0;
      if (found.members().get("start_inputs") instanceof List<?> inputs && !inputs.isEmpty()) {
        Json input = client().object("/api/v1/workers/" + session + "/inputs/" + inputs.getLast());
        position = Long.parseLong(required(input, "transcript_sequence"));
      }
      return followTurn(required(found, "turn_id"), session, position);
    }

    private Json newest() {
      if (worker == null) {
        throw Refusal.of(Reason.INVALID_REQUEST, "name a turn, or a worker with --worker");
      }
      String path = "/api/v1/workers/" + Client.encoded(worker);
      String open = text(client().object(path), "session.open_turn_id");
      return open == null ? last(path + "/turns") : client().object("/api/v1/turns/" + open);
    }

    /** The list begins with the oldest turn; of a long one only a page is kept at a time. */
    private Json last(String path) {
      List<Json> newest = List.of();
      String next = "";
      while (next != null) {
        Json page = client().object(path + "?limit=" + PAGE + (next.isEmpty() ? "" : "&after=" + Client.encoded(next)));
        List<Json> items = list(page, "items");
        newest = items.isEmpty() ? newest : items;
        next = text(page, "next");
      }
      if (newest.isEmpty()) {
        throw Refusal.of(Reason.TURN_NOT_FOUND, worker + " has had no turn yet");
      }
      return newest.getLast();
    }
  }
}
