package dev.holdfast.cli.workers;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a worker was told and what it answered. */
@Command(
    name = "transcript",
    description = {
      "A worker's transcript: what was said, in order.", "",
      "Lines that begin with -- are no entries: the wakes that turns took, and the commands that were carried out. -o json has the"
          + " entries alone; the others are in holdfast queue list."},
    footer = {
      "", "Examples:",
      "  holdfast worker transcript worker-00000001",
      "  holdfast worker transcript worker-00000001 --start 10 --limit 5 -o ndjson"})
final class TranscriptCommand extends NodeVerb {
  private static final List<Column> COLUMNS = List.of(Column.of("SEQUENCE", "sequence"), Column.of("ROLE", "role"),
      Column.of("STATUS", "status"), Column.of("AT", "at"), Column.of("TURN", "turn_id"));

  @Parameters(paramLabel = "WORKER", description = "The worker's id.")
  String worker = "";

  @Option(names = "--start", paramLabel = "N", description = "The position to begin at, from 0.")
  long start;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many entries. Default: 10000.")
  int limit = 10_000;

  /** Where the entries that weren't asked for begin; null when there are none. */
  private @Nullable String from;

  @Override
  public Integer call() {
    List<Json> entries = entries();
    Output output = output();
    switch (output.format()) {
      case TABLE, WIDE -> read(entries, output.format() == Output.Format.WIDE);
      case JSON, YAML, NDJSON, NAME -> output.list(entries, COLUMNS);
    }
    return ExitCode.OK;
  }

  private void read(List<Json> entries, boolean wide) {
    Interludes interludes = interludes();
    boolean first = start > 0;
    for (Json entry : entries) {
      List<String> before = interludes.before(Long.parseLong(Objects.requireNonNullElse(text(entry, "event_id"), "0")));
      if (!first) {
        before.forEach(screen()::line);
      }
      first = false;
      show(entry, wide);
    }
    if (from == null && !first) {
      interludes.before(Long.MAX_VALUE).forEach(screen()::line);
    }
  }

  /** What can't be had of them is left out. */
  private Interludes interludes() {
    String path = "/api/v1/workers/" + Client.encoded(worker);
    try {
      List<Json> completed = items(path + "/queue?state=completed", limit);
      String runtime = completed.isEmpty() ? null : text(client().object(path), "worker_ref.runtime_id");
      return new Interludes(completed, id -> runtime == null ? List.of()
          : list(client().object("/api/v1/events?worker_id=" + Client.encoded(worker) + "&cursor="
              + Client.encoded(runtime + ":" + id) + "&limit=" + PAGE), "events"));
    } catch (Refusal refusal) {
      return new Interludes(List.of(), _ -> List.of());
    }
  }

  private List<Json> entries() {
    List<Json> entries = new ArrayList<>();
    from = Long.toString(start);
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
