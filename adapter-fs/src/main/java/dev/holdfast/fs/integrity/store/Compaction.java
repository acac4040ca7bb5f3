package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.exports.Filling;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.fs.integrity.journal.Base;
import dev.holdfast.fs.integrity.journal.Unit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writing the history anew as the shortest one that leads to the same state: what was pruned, and every state that rows have had
 * before their present one, takes no more room (spec I-13).
 */
final class Compaction {
  /** More than a store ever keeps. */
  private static final int ALL = 1 << 16;
  private static final int DIAGNOSTICS_OF_UNIT = 512;

  private final State state;
  private final Base base;
  private long lastEvent;

  private Compaction(State state, Base base) {
    this.state = state;
    this.base = base;
  }

  /**
   * Writes the base. It is in force when this returns, and what was there before is there still.
   *
   * @return the fold over it
   * @throws StoreException store_corrupt when what was written doesn't lead to the same state; nothing was changed then
   */
  static Fold run(Place place, Fold fold) throws IOException {
    Base base = fold.journal().beginBase();
    Fold made = null;
    boolean same = false;
    try (base) {
      ExportSum sum = new Compaction(fold.state(), base).write();
      base.finish();
      made = Fold.open(place);
      same = Export.sum(made.state()).equals(sum);
    } finally {
      if (!same) {
        base.takeBack();
        if (made != null) {
          made.close();
        }
      }
    }
    if (!same) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, "the compacted history doesn't lead to what the store holds");
    }
    return made;
  }

  private ExportSum write() throws IOException {
    var sum = new ExportSum.Counting();
    var units = Filling.Units.small(this::add);
    try {
      Export.each(state, row -> {
        String line = Export.line(row);
        sum.add(line);
        units.add(row, line.length());
      });
      units.end();
      diagnostics();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return sum.sum();
  }

  /** An export leaves them behind, and counts them as dropped. */
  private void diagnostics() {
    List<Change> unit = new ArrayList<>();
    for (Diagnostic diagnostic : state.diagnostics(0, ALL, null, null)) {
      unit.add(new WorkerChange.DiagnosticAdded(diagnostic));
      if (unit.size() == DIAGNOSTICS_OF_UNIT) {
        add(unit);
        unit = new ArrayList<>();
      }
    }
    List<Change> last = unit;
    state.runtime().ifPresent(runtime -> last.add(new WorkerChange.RuntimePut(runtime)));
    // A history has a unit at least.
    add(last);
  }

  private void add(List<Change> unit) {
    for (Change change : unit) {
      if (change instanceof EventChange.Pruned(long upTo)) {
        lastEvent = upTo;
      }
    }
    Unit made = Units.ofBase(state, unit, lastEvent);
    for (Change change : unit) {
      if (change instanceof EventChange.Appended(var event)) {
        lastEvent = event.id();
      }
    }
    try {
      base.add(made);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
