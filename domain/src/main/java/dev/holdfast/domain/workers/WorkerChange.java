package dev.holdfast.domain.workers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.retention.Pruned;

/** What a unit of work writes to the catalogue. */
public sealed interface WorkerChange extends Change {
  record RuntimePut(RuntimeState runtime) implements WorkerChange {}

  record Created(Worker worker, CreateWorker request) implements WorkerChange {}

  /** What of a worker that is there ever changes. */
  record Moved(WorkerId id, WorkerStatus status, long transcriptLength, long lastEventId) implements WorkerChange {
    /** @param worker as it is from now on */
    public Moved(Worker worker) {
      this(worker.id(), worker.status(), worker.transcriptLength(), worker.lastEventId());
    }

    /** The worker behind the change, of its row before. */
    public Worker of(Worker before) {
      return before.moved(status, transcriptLength, lastEventId);
    }
  }

  /** Every running worker becomes stopped; nothing else of them changes. */
  record AllStopped() implements WorkerChange {}

  /** An entry that no input brought, as an input's is written with the input; or that of an input which is forgotten. */
  record EntryAppended(TranscriptEntry entry) implements WorkerChange {}

  /** Takes the place of an older record of the same scope and key. */
  record KeyRemembered(Remembered record) implements WorkerChange {}

  record DiagnosticAdded(Diagnostic diagnostic) implements WorkerChange {}

  record DiagnosticDropped(long id) implements WorkerChange {}

  /** A prefix of what the worker had is gone; the marks are no lower than those before. */
  record PrunedPut(Pruned pruned) implements WorkerChange {}
}
