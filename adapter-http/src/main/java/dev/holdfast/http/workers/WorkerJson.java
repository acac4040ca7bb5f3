package dev.holdfast.http.workers;

import dev.holdfast.application.workers.RuntimeCatalogue;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Projection;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.http.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalogue on the wire (spec workers §1). */
final class WorkerJson {
  private WorkerJson() {}

  static Json of(RuntimeCatalogue.Summary summary) {
    RuntimeState runtime = summary.runtime();
    RuntimeState.WorkerCounts counts = runtime.counts();
    return Json.object(
        "runtime_id", runtime.id().value(),
        "display_name", runtime.displayName(),
        "backend", summary.backend(),
        "status", Wire.of(runtime.status()),
        "worker_count", counts.total(),
        "active_worker_count", counts.running(),
        "stopped_worker_count", counts.stopped(),
        "cancelled_worker_count", counts.cancelled(),
        "quarantined_worker_count", counts.quarantined(),
        "diagnostic_count", runtime.diagnostics().kept(),
        "diagnostics_dropped", runtime.diagnostics().dropped(),
        "last_event_id", summary.lastEventId(),
        "limits", Json.object(
            "max_transcript_projection_items", runtime.limits().maxTranscriptProjectionItems(),
            "max_event_batch_items", runtime.limits().maxEventBatchItems()));
  }

  static Json ack(RuntimeState runtime) {
    return Json.object("status", Wire.of(runtime.status()), "event_id", runtime.statusEventId());
  }

  static Json ack(RuntimeId runtime, Worker worker) {
    return Json.object("worker_ref", Wire.ref(runtime, worker.id()), "status", worker.status().text(), "event_id",
        worker.lastEventId());
  }

  static Json of(RuntimeId runtime, WorkerCatalogue.Summary summary) {
    Worker worker = summary.worker();
    return Json.object(
        "worker_ref", Wire.ref(runtime, worker.id()),
        "runtime_id", runtime.value(),
        "worker_id", worker.id().value(),
        "owner", worker.owner(),
        "status", worker.status().text(),
        "activity", summary.activity().text(),
        "intent", CreateWorkerJson.intent(worker.intent()),
        "profile", CreateWorkerJson.profile(worker.profile()),
        "model", worker.model(),
        "execution", Wire.of(worker.execution()),
        "requested_capability_count", worker.capabilityCount(),
        "has_config_bundle", worker.hasConfigBundle(),
        "transcript_len", worker.transcriptLength(),
        "last_event_id", worker.lastEventId());
  }

  static Json of(RuntimeId runtime, WorkerCatalogue.Detail detail) {
    Worker worker = detail.worker();
    CreateWorker request = detail.request();
    return Json.object(
        "worker_ref", Wire.ref(runtime, worker.id()),
        "runtime_id", runtime.value(),
        "worker_id", worker.id().value(),
        "owner", worker.owner(),
        "status", worker.status().text(),
        "activity", detail.session().activity().text(),
        "intent", CreateWorkerJson.intent(worker.intent()),
        "profile", CreateWorkerJson.profile(worker.profile()),
        "profile_resolved", detail.profileResolved(),
        "model", worker.model(),
        "execution", Wire.of(worker.execution()),
        "config_bundle", request.configBundle() == null ? null : Json.object("id", request.configBundle()),
        "requested_capabilities", request.capabilities().stream()
            .map(c -> Json.object("name", c.name(), "note", c.note())).toList(),
        "workspace_refs", references(request.workspaces()),
        "mount_refs", references(request.mounts()),
        "transcript_len", worker.transcriptLength(),
        "last_event_id", worker.lastEventId(),
        "created_at", Wire.at(worker.createdAt()),
        "session", session(detail.session()));
  }

  private static List<Json> references(List<CreateWorker.Reference> references) {
    return references.stream().map(r -> Json.object("name", r.name(), "reference", r.reference())).toList();
  }

  private static Json session(SessionView view) {
    return Json.object(
        "head_revision", view.session().headRevision(),
        "generation", view.lease().generation(),
        "open_turn_id", view.session().openTurn() == null ? null : view.session().openTurn().value(),
        "pending_input_count", view.queue().pendingInputs(),
        "queued_work_count", view.queue().queuedWork());
  }

  static Json of(RuntimeId runtime, WorkerCatalogue.TranscriptView view, String worker) {
    Projection projection = view.projection();
    return Json.object(
        "worker_ref", Json.object("runtime_id", runtime.value(), "worker_id", worker),
        "start", projection.start(),
        "limit", projection.limit(),
        "total_items", projection.totalItems(),
        "items", projection.items().stream()
            .map(entry -> of(runtime, entry, view.inputs().get(entry.sequence()))).toList(),
        "next_start", projection.nextStart(),
        "first_start", projection.firstStart());
  }

  private static Json of(RuntimeId runtime, TranscriptEntry entry, @Nullable Input input) {
    TranscriptEntry.Origin.@Nullable FromTurn turn =
        entry.origin() instanceof TranscriptEntry.Origin.FromTurn from ? from : null;
    return Json.object(
        "sequence", entry.sequence(),
        "worker_ref", Wire.ref(runtime, entry.worker()),
        "role", entry.role().text(),
        "content", entry.content(),
        "event_id", entry.eventId(),
        "at", Wire.at(entry.at()),
        "status", entry.status().text(),
        "input_id", entry.input() == null ? null : entry.input().value(),
        "input_state", input == null ? null : input.state().text(),
        "input_turn_id", input == null || input.turn() == null ? null : input.turn().value(),
        "turn_id", turn == null ? null : turn.turn().value(),
        "attempt", turn == null ? null : turn.attempt(),
        "commit_no", turn == null ? null : turn.commitNo());
  }

  static Json of(RuntimeId runtime, Diagnostic diagnostic) {
    return Json.object("id", diagnostic.id(), "at", Wire.at(diagnostic.at()), "severity",
        diagnostic.severity().text(), "code", diagnostic.code().text(), "note", diagnostic.note(), "worker_ref",
        diagnostic.worker() == null ? null : Wire.ref(runtime, diagnostic.worker()));
  }
}
