package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.domain.workers.retention.Pruned;

/** Draws rows of every kind but those of turns. */
final class Rows {
  final Values v;
  final RowsOfTurns turns;
  final RowsOfRelay relay;

  Rows(long seed) {
    v = new Values(seed);
    turns = new RowsOfTurns(v);
    relay = new RowsOfRelay(v);
  }

  RuntimeState runtime() {
    return new RuntimeState(v.runtime(), v.orNull(v::text),
        new RuntimeLimits((int) (v.natural(1) >>> 33) + 1, 1 + (v.count() & 0xffff)), v.constant(RuntimeStatus.class),
        v.number(), v.number(), new RuntimeState.WorkerCounts(v.count(), v.count(), v.count(), v.count()),
        new RuntimeState.DiagnosticCounts(v.number(), v.count(), v.number()), v.time());
  }

  private WorkerIntent intent() {
    return v.oneOf(() -> new WorkerIntent.Assistant(v.orNull(v::text)), () -> new WorkerIntent.Task(v.text()),
        () -> new WorkerIntent.Role(v.text(), v.orNull(v::text)));
  }

  private ProfileSelector profile() {
    return v.oneOf(ProfileSelector.RuntimeDefault::new, () -> new ProfileSelector.Builtin(v.text()),
        () -> new ProfileSelector.Named(v.text()));
  }

  Worker worker() {
    return new Worker(v.worker(), v.text(), v.constant(WorkerStatus.class), intent(), profile(), v.orNull(v::text),
        v.constant(Execution.class), v.count(), v.bool(), v.number(), v.number(), v.time());
  }

  CreateWorker request() {
    return new CreateWorker(intent(), profile(), v.orNull(v::text), v.constant(Execution.class), v.orNull(v::text),
        v.some(0, () -> new CreateWorker.Capability(v.text(), v.orNull(v::text))),
        v.some(0, () -> new CreateWorker.Reference(v.text(), v.text())),
        v.some(0, () -> new CreateWorker.Reference(v.text(), v.text())));
  }

  TranscriptEntry entry() {
    return new TranscriptEntry(v.number(), v.worker(), v.constant(TranscriptEntry.Role.class), v.text(), v.number(),
        v.time(), v.oneOf(() -> new TranscriptEntry.Origin.FromInput(v.input()),
            () -> new TranscriptEntry.Origin.FromTurn(v.turn(), v.count(), v.count())),
        v.constant(TranscriptEntry.Status.class));
  }

  Remembered remembered() {
    return new Remembered(v.text(), v.text(), v.text(), v.text(), v.time());
  }

  Diagnostic diagnostic() {
    return new Diagnostic(v.number(), v.time(), v.constant(Diagnostic.Severity.class),
        v.constant(Diagnostic.Code.class), v.text(), v.orNull(v::worker));
  }

  Event event() {
    return new Event(v.natural(1), v.orNull(v::worker), v.constant(EventName.class), v.time(), v.orNull(v::text),
        v.json(), v.orNull(v::text));
  }

  Key key() {
    return new Key(v.text(), v.text(), v.constant(Role.class), v.text(), v.text(), v.bool(),
        new Key.Limits(v.some(0, v::text), v.orNull(v::count), v.orNull(v::count)), v.time(), v.orNull(v::text),
        v.orNull(v::time), v.orNull(v::time), v.orNull(v::time), v.count());
  }

  Pruned pruned() {
    return new Pruned(v.worker(), v.natural(0), v.natural(0), v.natural(0), v.natural(0));
  }

  AuditRecord auditRecord() {
    return new AuditRecord(v.number(), v.text(), v.text());
  }

  AuditHead auditHead() {
    return new AuditHead(v.number(), v.text());
  }

}
