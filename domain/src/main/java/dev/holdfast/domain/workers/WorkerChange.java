package dev.holdfast.domain.workers;

import dev.holdfast.domain.Change;

/** What a unit of work writes to the catalogue. */
public sealed interface WorkerChange extends Change {
  record RuntimePut(RuntimeState runtime) implements WorkerChange {}

  record Created(Worker worker, CreateWorker request) implements WorkerChange {}

  /** Status, transcript length and last event id of a worker; nothing else of it ever changes. */
  record Moved(Worker worker) implements WorkerChange {}

  /** Every running worker becomes stopped; nothing else of them changes. */
  record AllStopped() implements WorkerChange {}

  /** An entry that no input brought: an input's entry is written with the input. */
  record EntryAppended(TranscriptEntry entry) implements WorkerChange {}

  /** Takes the place of an older record of the same scope and key. */
  record KeyRemembered(Remembered record) implements WorkerChange {}

  record DiagnosticAdded(Diagnostic diagnostic) implements WorkerChange {}

  record DiagnosticDropped(long id) implements WorkerChange {}
}
