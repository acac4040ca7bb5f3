package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.Json;

/**
 * How much of what is pruned.
 *
 * @param tasks always 0 until there are durable tasks
 */
public record PruneCounts(
    long events, long transcriptEntries, long outputRecords, long inputs, long batches, long tasks, long auditRecords,
    long diagnostics) {

  public boolean isNothing() {
    return events + transcriptEntries + outputRecords + inputs + batches + tasks + auditRecords + diagnostics == 0;
  }

  /** Under the names that callers see. */
  public Json json() {
    return Json.object("events", events, "transcript_entries", transcriptEntries, "output_records", outputRecords,
        "inputs", inputs, "batches", batches, "tasks", tasks, "audit_records", auditRecords, "diagnostics",
        diagnostics);
  }
}
