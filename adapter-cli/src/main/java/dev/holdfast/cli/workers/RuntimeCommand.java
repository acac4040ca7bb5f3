package dev.holdfast.cli.workers;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The runtime as a whole. */
@Command(
    name = "runtime",
    description = "See the runtime, stop it, start it again.",
    subcommands = {RuntimeCommand.Show.class, RuntimeCommand.Stop.class, RuntimeCommand.Start.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast runtime show", "  holdfast runtime stop --note \"moving house\""})
public final class RuntimeCommand {

  /** What it holds. */
  @Command(
      name = "show",
      description = "What the runtime holds.",
      footer = {"", "Examples:", "  holdfast runtime show", "  holdfast runtime show -o json"})
  static final class Show extends NodeVerb {
    private static final List<Column> FACTS =
        List.of(Column.of("runtime", "runtime_id"), Column.of("name", "display_name"),
            Column.of("status", "status"), Column.of("store", "backend"), Column.of("workers", "worker_count"),
            Column.of("running", "active_worker_count"), Column.of("stopped", "stopped_worker_count"),
            Column.of("cancelled", "cancelled_worker_count"), Column.of("quarantined", "quarantined_worker_count"),
            Column.of("diagnostics", "diagnostic_count"), Column.of("last event", "last_event_id"));

    @Override
    public Integer call() {
      output().one(client().object("/api/v1/runtime"), FACTS);
      return ExitCode.OK;
    }
  }

  /** The two changes. */
  abstract static class Turning extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("status", "status"), Column.of("event", "event_id"));

    @Option(names = "--note", paramLabel = "TEXT", description = "Why; it is kept with the event.")
    @Nullable
    String note;

    final int turn(String how) {
      output().one(client().post("/api/v1/runtime/" + how, Json.object("note", note)), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** No new work. */
  @Command(
      name = "stop",
      description = "Stop the runtime and its workers. Stopping the node is something else: it stops no worker.",
      footer = {"", "Examples:", "  holdfast runtime stop --note \"end of the quarter\""})
  static final class Stop extends Turning {
    @Override
    public Integer call() {
      return turn("stop");
    }
  }

  /** New work again. */
  @Command(
      name = "start",
      description = "Start a stopped runtime. Workers that were stopped with it stay stopped.",
      footer = {"", "Examples:", "  holdfast runtime start"})
  static final class Start extends Turning {
    @Override
    public Integer call() {
      return turn("start");
    }
  }
}
