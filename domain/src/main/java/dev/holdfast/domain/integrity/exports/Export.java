package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.records.Changes;
import java.util.function.Consumer;

/** All hard tables of a state, as the shortest history that leads to it: equal states have equal exports on every backend. */
public final class Export {
  private Export() {}

  /**
   * Tells every row in order. What is held at a time is a page of rows, however large the state.
   *
   * @throws dev.holdfast.domain.integrity.StoreException store_corrupt when rows that belong together aren't there together
   */
  public static void each(State state, Consumer<? super Change> to) {
    for (Table table : Table.values()) {
      table.each(state, to);
    }
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
