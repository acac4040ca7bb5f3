package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.State;
import java.util.function.Consumer;

/**
 * The hard tables (spec I-11), in the order in which an export has them, in which an empty store can be filled as well: a
 * worker comes before what is its own, and what a turn has written before the turn, behind which a store expects no more.
 * Diagnostics are soft and not among them. Each table is in the order of its key.
 */
public enum Table {
  RUNTIME,
  /** Public ones: the others register again. */
  PROVIDER,
  DEFAULT_MODEL,
  PUBLISHER,
  /** By id. */
  KEY,
  /** Before the records, up to which one they were pruned. */
  AUDIT,
  /** Before the events, up to which one they were pruned. */
  EVENT,
  /** By scope and key. */
  REMEMBERED,
  /** Each with the request that it was made from. */
  WORKER,
  /** What was pruned of workers, of those that lack anything, by worker. */
  PRUNED,
  /**
   * By worker and sequence: inputs, each of which is its entry, and the entries that turns have written; an input that is
   * forgotten is its entry alone.
   */
  TRANSCRIPT,
  /** By worker and place in its queue; of those that are forgotten, what turns took. */
  BATCH,
  /**
   * By worker and index; before each turn what was written for it: its output by attempt and number, its admissions, and its
   * stamps by attempt and number of the commit, where the terminal commit is of attempt 0.
   */
  TURN,
  SESSION,
  QUEUE,
  LEASE,
  /** By id. */
  TASK,
  USAGE;

  /**
   * Tells every row of the table as the change that makes it. Reads page by page, and holds no more than a page at a time.
   *
   * @throws dev.holdfast.domain.integrity.StoreException store_corrupt when rows that belong together aren't there together
   */
  public void each(State state, Consumer<? super Change> to) {
    switch (this) {
      case RUNTIME -> RowsOfRuntime.runtime(state, to);
      case PROVIDER -> RowsOfRuntime.providers(state, to);
      case DEFAULT_MODEL -> RowsOfRuntime.defaultModel(state, to);
      case PUBLISHER -> RowsOfRuntime.publishers(state, to);
      case KEY -> RowsOfRuntime.keys(state, to);
      case AUDIT -> RowsOfRuntime.audit(state, to);
      case PRUNED -> RowsOfWorkers.pruned(state, to);
      case EVENT -> RowsOfRuntime.events(state, to);
      case REMEMBERED -> RowsOfRuntime.remembered(state, to);
      case WORKER -> RowsOfWorkers.workers(state, to);
      case TRANSCRIPT -> RowsOfWorkers.transcripts(state, to);
      case BATCH -> RowsOfWorkers.batches(state, to);
      case TURN -> RowsOfTurns.turns(state, to);
      case SESSION -> RowsOfWorkers.sessions(state, to);
      case QUEUE -> RowsOfWorkers.queues(state, to);
      case LEASE -> RowsOfWorkers.leases(state, to);
      case TASK -> RowsOfRuntime.tasks(state, to);
      case USAGE -> RowsOfRuntime.usage(state, to);
    }
  }
}
