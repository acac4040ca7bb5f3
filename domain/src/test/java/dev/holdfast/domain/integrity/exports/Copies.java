package dev.holdfast.domain.integrity.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import java.util.ArrayList;
import java.util.List;

/** Copying as a copy is made, but on one thread. */
public final class Copies {
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
    var units = Filling.Units.of(to, unit -> Filling.write(to, unit));
    List<Change> rows = new ArrayList<>();
    from.read(state -> {
      Export.each(state, rows::add);
      return rows;
    });
    rows.forEach(row -> units.add(row, Export.line(row).length()));
    units.end();
    requireEqual(from, to);
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
