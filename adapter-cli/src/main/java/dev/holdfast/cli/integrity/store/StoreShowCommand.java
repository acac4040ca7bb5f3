package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import java.util.List;
import picocli.CommandLine.Command;

/** What a node keeps. */
@Command(
    name = "show",
    description = "Show what the node keeps: its backend, run, readiness and sizes.",
    footer = {"", "Examples:", "  holdfast store show", "  holdfast store show -o json"})
final class StoreShowCommand extends NodeVerb {
  private static final List<Column> FACTS = List.of(Column.of("directory", "data_dir_id"),
      Column.of("backend", "backend"), Column.of("readiness", "readiness"), Column.of("run", "run_id"),
      Column.of("version", "behavior_fingerprint"), Column.of("capabilities", "capability_snapshot_id"),
      Column.of("batches", "high_watermark"), Column.of("bytes", "sizes"));

  @Override
  public Integer call() {
    output().one(client().object("/api/v1/store"), FACTS);
    return ExitCode.OK;
  }
}
