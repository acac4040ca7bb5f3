package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.UnitScope;
import dev.holdfast.domain.integrity.records.Changes;
import dev.holdfast.domain.integrity.records.format.BinaryOut;
import dev.holdfast.domain.integrity.records.format.RecordException;
import dev.holdfast.fs.integrity.journal.Unit;
import java.util.List;

/** Units of work as the journal holds them. */
final class Units {
  private Units() {}

  /**
   * @param out is used again for the next unit
   * @throws IllegalArgumentException when a change can't be written
   */
  static byte[] write(BinaryOut out, List<Change> changes) {
    try {
      out.reset();
      Changes.UNIT.write(out, changes);
      return out.toByteArray();
    } catch (RecordException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** @throws StoreException store_corrupt when these are no changes, though they are what was written */
  static List<Change> read(byte[] payload) {
    try {
      return Changes.UNIT.ofBytes(payload);
    } catch (RecordException e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, "the journal holds a unit of work that can't be read", e);
    }
  }

  /**
   * A unit of a history that is written anew.
   *
   * @param state that the whole of it leads to
   * @param lastEvent of the units before it
   */
  static Unit ofBase(State state, List<Change> changes, long lastEvent) {
    List<Long> events = changes.stream().filter(EventChange.Appended.class::isInstance)
        .map(change -> ((EventChange.Appended) change).event().id()).toList();
    long scope = UnitScope.of(state, changes).map(WorkerId::number).orElse(0L);
    return new Unit(scope, events.isEmpty() ? lastEvent + 1 : events.getFirst(), events.size(), audits(changes),
        write(new BinaryOut(), changes));
  }

  /** @param state behind the unit */
  static Unit of(State state, List<Change> changes, byte[] payload) {
    int events = 0;
    for (Change change : changes) {
      events += change instanceof EventChange.Appended ? 1 : 0;
    }
    long scope = UnitScope.of(state, changes).map(WorkerId::number).orElse(0L);
    return new Unit(scope, state.lastEventId() - events + 1, events, audits(changes), payload);
  }

  private static int audits(List<Change> changes) {
    int audits = 0;
    for (Change change : changes) {
      audits += change instanceof AccessChange.Audited ? 1 : 0;
    }
    return audits;
  }
}
