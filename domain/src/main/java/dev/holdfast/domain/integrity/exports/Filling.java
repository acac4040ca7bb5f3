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
        && state.workers(0, 1, null, null).isEmpty() && state.remembered("", "", 1).isEmpty()
        && state.publishers("", 1).isEmpty() && state.tasks("", 1, null).isEmpty() && state.lastUsage() == 0;
  }

  /** Makes these rows durable. */
  public static void write(Store store, List<Change> unit) {
    store.write(_ -> Decision.done(true, unit)).orThrow();
  }

  /** Puts rows together to units of work, none of which is large. */
  public static final class Units {
    /** A unit of a store on files has fewer changes than that, by far. */
    private static final int MOST_ROWS = 8_192;
    /** Of a store that finds rows by their unit, and reads them with it. */
    private static final int SMALL = 1 << 16;
    /** Of a store that finds rows by themselves: there a unit only costs its commit. */
    private static final int LARGE = 1 << 20;

    private final Consumer<List<Change>> to;
    private final int bytesOfUnit;
    private List<Change> unit = new ArrayList<>();
    private int bytes;

    private Units(int bytesOfUnit, Consumer<List<Change>> to) {
      this.bytesOfUnit = bytesOfUnit;
      this.to = to;
    }

    /** Units as they suit a store that finds rows by their unit. */
    public static Units small(Consumer<List<Change>> to) {
      return new Units(SMALL, to);
    }

    /** Units as they suit that store. */
    public static Units of(Store store, Consumer<List<Change>> to) {
      return new Units(store.backend().equals("filesystem") ? SMALL : LARGE, to);
    }

    /** @param line the bytes of the row's line, which is about as long as the row */
    public void add(Change row, int line) {
      unit.add(row);
      bytes += line;
      if (unit.size() >= MOST_ROWS || bytes >= bytesOfUnit) {
        end();
      }
    }

    /** No more rows come. */
    public void end() {
      if (!unit.isEmpty()) {
        to.accept(unit);
        unit = new ArrayList<>();
        bytes = 0;
      }
    }
  }
}
