package dev.holdfast.domain.integrity.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.output.OutputChange;
import java.util.ArrayList;
import java.util.List;

/** Copying as a copy is made, but on one thread. */
public final class Copies {
  private static final int MOST_STOPS = 100;

  private Copies() {}

  public static List<String> lines(Store store) {
    List<String> lines = new ArrayList<>();
    store.read(state -> {
      Export.each(state, row -> lines.add(Export.line(row)));
      return lines;
    });
    return lines;
  }

  /** Fills the empty store, and expects it to hold the same then. */
  public static void copy(Store from, Store to) {
    Filling.requireEmpty(to);
    write(rows(from), to);
    requireEqual(from, to);
  }

  private static List<Change> rows(Store from) {
    List<Change> rows = new ArrayList<>();
    from.read(state -> {
      Export.each(state, rows::add);
      return rows;
    });
    return rows;
  }

  private static void write(List<Change> rows, Store to) {
    var units = Filling.Units.of(to, unit -> Filling.write(to, unit));
    rows.forEach(row -> units.add(row, Export.line(row).length()));
    units.end();
  }

  /** As {@link #copy}, of a store that was filled up to any row of it. */
  public static void goOn(Store from, Store to) {
    List<Change> rows = rows(from);
    write(rows.subList(there(rows, to), rows.size()), to);
    requireEqual(from, to);
  }

  /** How many of the rows are in a store that holds the first of them. */
  private static int there(List<Change> rows, Store unfinished) {
    List<String> told = lines(unfinished);
    assertEquals(rows.subList(0, told.size()).stream().map(Export::line).toList(), told);
    int there = told.size();
    while (there < rows.size() && isThere(unfinished, rows.get(there))) {
      there++;
    }
    return there;
  }

  private static boolean isThere(Store unfinished, Change row) {
    Unfinished.Found found = unfinished.read(state -> Unfinished.found(state, row));
    assertNotEquals(Unfinished.Found.OTHER, found);
    return found == Unfinished.Found.THERE;
  }

  /** Fills the empty store row by row, and expects it to tell each time how many it has. */
  public static void stopAtRows(Store from, Store to) {
    List<Change> rows = rows(from);
    int step = 1 + rows.size() / MOST_STOPS;
    for (int written = 0; written < rows.size(); written++) {
      if (written % step == 0 || isOfUnfinishedTurn(rows.get(written))) {
        assertEquals(written, there(rows, to), () -> "of " + rows.size());
      }
      Filling.write(to, rows.subList(written, written + 1));
    }
    assertEquals(rows.size(), there(rows, to));
    requireEqual(from, to);
  }

  private static boolean isOfUnfinishedTurn(Change row) {
    return row instanceof TurnChange || row instanceof OutputChange;
  }

  /** By their exports, and by all that they answer. */
  public static void requireEqual(Store one, Store other) {
    assertEquals(String.join("\n", lines(one)), String.join("\n", lines(other)));
    assertEquals(one.read(Export::sum), other.read(Export::sum));
    assertEquals(hard(one), hard(other));
  }

  /** Diagnostics are soft: what is told of them is left out. */
  private static String hard(Store store) {
    return store.read(state -> StateText.of(state).lines()
        .filter(line -> !line.startsWith("Diagnostic[") && !line.startsWith("droppable "))
        .map(line -> line.replaceFirst("diagnostics=DiagnosticCounts\\[[^]]*]", ""))
        .reduce("", (before, line) -> before + "\n" + line));
  }
}
