package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.access.KeyTimes;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.Texts;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Retention. */
@Command(
    name = "prune",
    description = {
      "Tell what is older than a time, and with --apply remove it for good.",
      "",
      "What is removed is always the beginning of a history: of the feed, of a transcript, of the audit. It ends before the"
          + " first thing that is younger, that is open or that waits. Whoever reads from a place that is gone is told so."},
    footer = {
      "", "Examples:",
      "  holdfast store prune --events-before 90d --outputs-before 30d",
      "  holdfast store prune --tombstones-before 7d --apply",
      "  holdfast store prune --transcripts-before 2026-01-01T00:00:00Z --apply --yes -o json", "",
      "A time is an age, as in 90s, 15m, 12h, 30d or 4w, or an instant. What is exactly as old stays."})
final class StorePruneCommand extends NodeVerb {
  private static final List<Column> FACTS = List.of(Column.of("events", "counts.events"),
      Column.of("from event", "from_id"), Column.of("to event", "to_id"),
      Column.of("transcript entries", "counts.transcript_entries"),
      Column.of("output records", "counts.output_records"), Column.of("inputs", "counts.inputs"),
      Column.of("batches", "counts.batches"), Column.of("tasks", "counts.tasks"),
      Column.of("audit records", "counts.audit_records"), Column.of("diagnostics", "counts.diagnostics"));

  @Option(names = "--events-before", paramLabel = "TIME", description = "Events of the feed.")
  @Nullable
  String events;

  @Option(names = "--transcripts-before", paramLabel = "TIME",
      description = "Entries of workers that were stopped or cancelled, with their inputs.")
  @Nullable
  String transcripts;

  @Option(names = "--outputs-before", paramLabel = "TIME", description = "The output of turns that ended.")
  @Nullable
  String outputs;

  @Option(names = "--tombstones-before", paramLabel = "TIME",
      description = "Inputs and queued work that were completed or cancelled; their keys are free again.")
  @Nullable
  String tombstones;

  @Option(names = "--tasks-before", paramLabel = "TIME", description = "Inference tasks; there are none yet.")
  @Nullable
  String tasks;

  @Option(names = "--audit-before", paramLabel = "TIME", description = "Records of the audit.")
  @Nullable
  String audit;

  @Option(names = "--diagnostics-before", paramLabel = "TIME", description = "Diagnostics.")
  @Nullable
  String diagnostics;

  @Option(names = "--apply", description = "Remove it. Without this nothing is changed.")
  boolean apply;

  @Override
  public Integer call() {
    Map<String, @Nullable Object> wanted = wanted();
    if (wanted.isEmpty()) {
      throw Refusal.of(Reason.INVALID_REQUEST, "nothing is named that could be pruned")
          .next("holdfast store prune --events-before 90d");
    }
    screen().await("looking what is old");
    Json found = prune(wanted, true);
    if (!apply) {
      output().one(found, FACTS);
      screen().talk("nothing was changed; the same command with --apply removes it");
      return ExitCode.OK;
    }
    if (!isConfirmed("remove " + rows(found) + " rows for good?")) {
      return ExitCode.OK;
    }
    screen().await("removing " + rows(found) + " rows");
    output().one(prune(wanted, false), FACTS);
    return ExitCode.OK;
  }

  private Json prune(Map<String, @Nullable Object> wanted, boolean dryRun) {
    wanted.put("dry_run", dryRun);
    return client().post("/api/v1/store/prune", Json.of(wanted));
  }

  private static long rows(Json found) {
    long rows = 0;
    if (found.members().get("counts") instanceof Map<?, ?> counts) {
      for (Object count : counts.values()) {
        rows += count instanceof Number number ? number.longValue() : 0;
      }
    }
    return rows;
  }

  /** The same for the look and for what follows it. */
  private Map<String, @Nullable Object> wanted() {
    Instant now = Instant.now();
    Map<String, @Nullable Object> wanted = new TreeMap<>();
    put(wanted, "events_before", events, now);
    put(wanted, "transcripts_of_finished_before", transcripts, now);
    put(wanted, "outputs_before", outputs, now);
    put(wanted, "tombstones_before", tombstones, now);
    put(wanted, "tasks_before", tasks, now);
    put(wanted, "audit_before", audit, now);
    put(wanted, "diagnostics_before", diagnostics, now);
    return wanted;
  }

  private static void put(Map<String, @Nullable Object> wanted, String name, @Nullable String time, Instant now) {
    if (time != null) {
      wanted.put(name, Texts.instant(instant(time, now).truncatedTo(ChronoUnit.MILLIS)));
    }
  }

  private static Instant instant(String time, Instant now) {
    try {
      return time.contains("T") ? Instant.parse(time) : now.minus(KeyTimes.duration(time));
    } catch (DateTimeException e) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "a time is written as in 30d, 12h or 2026-01-31T00:00:00Z, not " + time);
    }
  }
}
