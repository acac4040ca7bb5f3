package dev.holdfast.cli.workers;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a worker was told and what it answered. */
@Command(
    name = "transcript",
    description = "A worker's transcript: what was said, in order.",
    footer = {
      "", "Examples:",
      "  holdfast worker transcript worker-00000001",
      "  holdfast worker transcript worker-00000001 --start 10 --limit 5 -o ndjson"})
final class TranscriptCommand extends NodeVerb {
  private static final int PAGE = 256;
  private static final List<Column> COLUMNS = List.of(Column.of("SEQUENCE", "sequence"), Column.of("ROLE", "role"),
      Column.of("STATUS", "status"), Column.of("AT", "at"), Column.of("TURN", "turn_id"));

  @Parameters(paramLabel = "WORKER", description = "The worker's id.")
  String worker = "";

  @Option(names = "--start", paramLabel = "N", description = "The position to begin at, from 0.")
  long start;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many entries. Default: 10000.")
  int limit = 10_000;

  @Override
  public Integer call() {
    List<Json> entries = entries();
    Output output = output();
    switch (output.format()) {
      case TABLE, WIDE -> entries.forEach(entry -> show(entry, output.format() == Output.Format.WIDE));
      case JSON, YAML, NDJSON, NAME -> output.list(entries, COLUMNS);
    }
    return ExitCode.OK;
  }

  private List<Json> entries() {
    List<Json> entries = new ArrayList<>();
    String from = Long.toString(start);
    while (from != null && entries.size() < limit) {
      Json page = client().object("/api/v1/workers/" + Client.encoded(worker) + "/transcript?start=" + from + "&limit="
          + Math.min(PAGE, limit - entries.size()));
      entries.addAll(list(page, "items"));
      from = text(page, "next_start");
    }
    return entries;
  }

  /** Entries are texts of many lines, which no table holds. */
  private void show(Json entry, boolean wide) {
    String state = text(entry, "input_state");
    boolean remarkable = "partial".equals(text(entry, "status")) || "cancelled".equals(state);
    screen().line(screen().strong("#" + text(entry, "sequence") + " " + text(entry, "role"))
        + (remarkable ? " (" + ("cancelled".equals(state) ? state : "partial") + ")" : "")
        + (wide ? "  " + text(entry, "at") : ""));
    String.valueOf(text(entry, "content")).lines()
        .forEach(line -> screen().line("  " + Output.oneLine(line)));
  }
}
