package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** An empty store on its way to hold what an export tells. */
public final class Filling {
  /** Rows are found by their unit, and read with it; and each unit is synced. */
  private static final int UNIT_ROWS = 512;
  /** Of their lines. */
  private static final int UNIT_CHARACTERS = 65_536;

  private Filling() {}

  /** @throws StoreException invalid_request when the store holds anything but diagnostics */
  public static void requireEmpty(Store store) {
    if (!store.read(Filling::isEmpty)) {
      throw StoreException.unusable(Reason.INVALID_REQUEST, "the store that was to be filled isn't empty");
    }
  }

  private static boolean isEmpty(State state) {
    return state.runtime().isEmpty() && state.lastEventId() == 0 && state.keyCount() == 0
        && state.auditHead().seq() == 0 && state.defaultModel().isEmpty() && state.providers("", 1).isEmpty()
        && state.workers(0, 1, null, null).isEmpty() && state.remembered("", "", 1).isEmpty();
  }

  /** Makes these rows durable. */
  public static void write(Store store, List<Change> unit) {
    store.write(_ -> Decision.done(true, unit)).orThrow();
  }

  /** Puts rows together to units of work, none of which is large. */
  public static final class Units {
    private final Consumer<List<Change>> to;
    private List<Change> unit = new ArrayList<>();
    private int characters;

    public Units(Consumer<List<Change>> to) {
      this.to = to;
    }

    /** @param line of the row, by which its size is known */
    public void add(Change row, String line) {
      unit.add(row);
      characters += line.length();
      if (unit.size() >= UNIT_ROWS || characters >= UNIT_CHARACTERS) {
        end();
      }
    }

    /** No more rows come. */
    public void end() {
      if (!unit.isEmpty()) {
        to.accept(unit);
        unit = new ArrayList<>();
        characters = 0;
      }
    }
  }
}
