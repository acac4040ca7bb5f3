package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.integrity.records.format.Constants;
import dev.holdfast.domain.integrity.records.format.RecordIn;
import dev.holdfast.domain.integrity.records.format.RecordOut;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;

/** The runtime's own row and its diagnostics. */
public final class RuntimeRecords {
  private static final Constants<RuntimeStatus> STATUSES = Constants.of(RuntimeStatus.class);
  private static final Constants<Diagnostic.Severity> SEVERITIES =
      Constants.of(Diagnostic.Severity.class, Diagnostic.Severity::text);
  private static final Constants<Diagnostic.Code> CODES = Constants.of(Diagnostic.Code.class, Diagnostic.Code::text);

  private static final Codec<RuntimeLimits> LIMITS = new Codec<>((out, limits) -> {
    out.number("max_transcript_projection_items", limits.maxTranscriptProjectionItems());
    out.number("max_event_batch_items", limits.maxEventBatchItems());
  }, in -> new RuntimeLimits(in.count("max_transcript_projection_items"), in.count("max_event_batch_items")));

  private static final Codec<RuntimeState.WorkerCounts> WORKERS = new Codec<>((out, counts) -> {
    out.number("running", counts.running());
    out.number("stopped", counts.stopped());
    out.number("cancelled", counts.cancelled());
    out.number("quarantined", counts.quarantined());
  }, in -> new RuntimeState.WorkerCounts(in.count("running"), in.count("stopped"), in.count("cancelled"),
      in.count("quarantined")));

  private static final Codec<RuntimeState.DiagnosticCounts> DIAGNOSTICS = new Codec<>((out, counts) -> {
    out.number("last_id", counts.lastId());
    out.number("kept", counts.kept());
    out.number("dropped", counts.dropped());
  }, in -> new RuntimeState.DiagnosticCounts(in.number("last_id"), in.count("kept"), in.number("dropped")));

  public static final Codec<RuntimeState> RUNTIME = new Codec<>(RuntimeRecords::write, RuntimeRecords::read);

  public static final Codec<Diagnostic> DIAGNOSTIC = new Codec<>((out, diagnostic) -> {
    out.number("id", diagnostic.id());
    out.time("at", diagnostic.at());
    out.constant("severity", SEVERITIES, diagnostic.severity());
    out.constant("code", CODES, diagnostic.code());
    out.text("note", diagnostic.note());
    IdFields.optionalWorker(out, "worker", diagnostic.worker());
  }, in -> new Diagnostic(in.number("id"), in.time("at"), in.constant("severity", SEVERITIES),
      in.constant("code", CODES), in.text("note"), IdFields.optionalWorker(in, "worker")));

  private RuntimeRecords() {}

  private static void write(RecordOut out, RuntimeState runtime) {
    out.text("id", runtime.id().value());
    out.optionalText("display_name", runtime.displayName());
    out.record("limits", LIMITS, runtime.limits());
    out.constant("status", STATUSES, runtime.status());
    out.number("status_event_id", runtime.statusEventId());
    out.number("last_worker_number", runtime.lastWorkerNumber());
    out.record("workers", WORKERS, runtime.counts());
    out.record("diagnostics", DIAGNOSTICS, runtime.diagnostics());
    out.time("created_at", runtime.createdAt());
  }

  private static RuntimeState read(RecordIn in) {
    return new RuntimeState(new RuntimeId(in.text("id")), in.optionalText("display_name"),
        in.record("limits", LIMITS), in.constant("status", STATUSES), in.number("status_event_id"),
        in.number("last_worker_number"), in.record("workers", WORKERS), in.record("diagnostics", DIAGNOSTICS),
        in.time("created_at"));
  }
}
