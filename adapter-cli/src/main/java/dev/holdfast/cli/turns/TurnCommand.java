package dev.holdfast.cli.turns;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.turns.timeline.Span;
import dev.holdfast.cli.turns.timeline.Timeline;
import dev.holdfast.domain.Json;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns of workers. */
@Command(
    name = "turn",
    description = "Look at turns, follow them, cancel them.",
    subcommands = {TurnCommand.Listed.class, TurnShowCommand.class, TurnFollowCommand.class, TurnCancelCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast turn list worker-00000001",
      "  holdfast turn show turn-0000000000000007",
      "  holdfast turn follow turn-0000000000000007",
      "  holdfast turn cancel turn-0000000000000007 --wait released"})
public final class TurnCommand {
  private static final List<Column> COLUMNS = List.of(Column.of("TURN", "turn_id"), Column.of("INDEX", "turn_index"),
      Column.of("OUTCOME", "state"), Column.of("CREATED", "created_at"), Column.of("TOOK", "took"),
      Column.wide("ENDED", "ended_at"), Column.wide("ATTEMPTS", "attempt_count"),
      Column.wide("INPUTS", "start_inputs"), Column.wide("WAKES", "start_batches"),
      Column.wide("TOKENS", "usage.output_tokens"));

  /** What a table shows of a turn in one cell each: its outcome with its reason, and how long it took. */
  static Json forPeople(Json turn) {
    var members = turn.members();
    Object outcome = members.get("outcome");
    Object reason = members.get("outcome_reason");
    String asked = members.get("cancel") == null ? "open" : "open, cancel requested";
    members.put("state", outcome == null ? asked : outcome + (reason == null ? "" : " (" + reason + ")"));
    // One that only ends the turn is none that was made at it.
    members.put("attempt_count", members.get("attempts") instanceof List<?> list
        ? list.stream().filter(attempt -> !Timeline.isSettling(Json.of(attempt))).count() : 0);
    Instant created = Timeline.at(turn, "created_at");
    Instant ended = Timeline.at(turn, "ended_at");
    if (created != null && ended != null) {
      members.put("took", Span.between(created, ended).text());
    }
    return Json.of(members);
  }

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
      List<Json> turns = items("/api/v1/workers/" + Client.encoded(worker) + "/turns", limit);
      output().list(output().isForPrograms() ? turns : turns.stream().map(TurnCommand::forPeople).toList(), COLUMNS);
      return ExitCode.OK;
    }
  }
}
