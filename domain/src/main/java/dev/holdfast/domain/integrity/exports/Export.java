package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.records.Changes;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.Optional;
import java.util.function.Consumer;

/** All hard tables of a state, as the shortest history that leads to it: equal states have equal exports on every backend. */
public final class Export {
  private Export() {}

  /**
   * Tells every row in order. What is held at a time is a page of rows, however large the state.
   *
   * @throws StoreException store_corrupt when rows that belong together aren't there together,
   *     worker_quarantined when units of a worker are lost: what leaves them out would pass for the whole
   */
  public static void each(State state, Consumer<? super Change> to) {
    requireWhole(state);
    for (Table table : Table.values()) {
      table.each(state, to);
    }
  }

  private static void requireWhole(State state) {
    Optional<Worker> worker = state.workers(0, 1, WorkerStatus.QUARANTINED, null).stream().findFirst();
    if (worker.isPresent()) {
      throw StoreException.unusable(Reason.WORKER_QUARANTINED, worker.get().id().value()
          + " is quarantined, as its data are damaged, and an export would hide that; restore them from a backup");
    }
  }

  /**
   * What an empty store needs to be filled with an export.
   *
   * @return true
   * @throws StoreException store_corrupt when events in the middle of the feed are lost, whose ids can't be left out
   */
  public static boolean requireDense(State state) {
    Optional<EventGap> gap =
        state.gaps(1, null).stream().filter(one -> one.why() == EventGap.Why.DAMAGED).findFirst();
    if (gap.isPresent()) {
      throw StoreException.unusable(Reason.STORE_CORRUPT,
          "events " + gap.get().fromId() + " to " + gap.get().toId()
              + " are lost, and a copy can't leave out their ids");
    }
    return true;
  }

  /** The row in canonical JSON, a line without its newline. */
  public static String line(Change row) {
    return Changes.CHANGE.json(row).text();
  }

  /** What an export's lines add up to. */
  public static ExportSum sum(State state) {
    var sum = new ExportSum.Counting();
    each(state, row -> sum.add(line(row)));
    return sum.sum();
  }
}
