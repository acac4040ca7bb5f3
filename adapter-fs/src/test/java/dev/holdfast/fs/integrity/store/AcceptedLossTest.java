package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.contents.JournalIndex;
import dev.holdfast.domain.integrity.rebuild.JournalMarks;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.DiagnosticRules;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.index.ImageFile;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.JournalCut.Known;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AcceptedLossTest {
  private static final int UNITS = 30;
  private static final Known NOTHING = new Known(0, 0);

  private static Place place(Disk on) throws IOException {
    var settings = new Journal.Settings(FileStores.DIRECTORY_ID, 1, () -> 4711, 1_024, 512);
    return new Place(on.folder("journal"), on.folder("index"), new Quarantine(on.folder("quarantine")), settings);
  }

  private static FileStore open(Disk on, long low) throws IOException {
    return FileStore.open(place(on), low);
  }

  /** Units of one event each, over several segments; the first is the runtime's own. */
  private static SimulatedDisk written() throws IOException {
    var disk = SimulatedDisk.empty();
    try (var store = new FileStore(place(disk), Fold.open(place(disk)), Runnable::run)) {
      store.write(state -> WorkerRules.open(state, new RuntimeId("rt-0123456789abcdef"), null, RuntimeLimits.DEFAULT,
          Instant.EPOCH));
      for (int unit = 2; unit <= UNITS; unit++) {
        write(store, unit);
      }
    }
    // So that a start reads all of it.
    ImageFile.forget(place(disk).index());
    return disk;
  }

  private static void write(FileStore store, int unit) {
    store.write(state -> Decision.done(unit, List.of(
        new EventChange.Appended(new Event(state.lastEventId() + 1, null, EventName.RUNTIME_STARTED, Instant.EPOCH,
            null, Json.EMPTY_OBJECT, null)),
        new ProviderChange.DefaultModelPut("unit-" + unit)))).orThrow();
  }

  private static List<String> segments(Disk on) throws IOException {
    return on.folder("journal").list();
  }

  private static void flip(Disk on, String segment, long at) throws IOException {
    try (Disk.File file = on.folder("journal").open(segment)) {
      byte[] one = new byte[1];
      file.read(at, one, 0, 1);
      one[0] ^= 0x04;
      file.write(at, one, 0, 1);
      file.sync();
    }
  }

  private static SimulatedDisk copy(SimulatedDisk disk) {
    return disk.afterPowerCut(new SplittableRandom(7));
  }

  private static Reason refused(Disk on, long low) {
    return assertThrows(StoreException.class, () -> open(on, low).close()).reason();
  }

  /** What was there before the cut is there, what was given up is a gap, and no id is given again. */
  private static long check(SimulatedDisk disk, long low) throws IOException {
    long last;
    try (FileStore store = open(disk, low)) {
      store.write(state -> DiagnosticRules.tellDamage(state, 100, Instant.EPOCH));
      last = store.read(state -> {
        List<EventGap> gaps = state.gaps(1, null);
        long good = gaps.isEmpty() ? UNITS : gaps.getFirst().fromId() - 1;
        assertEquals(UNITS, gaps.isEmpty() ? UNITS : gaps.getLast().toId());
        assertEquals(good, state.events(1, 100, null).stream().filter(event -> event.id() <= UNITS).count());
        assertEquals("unit-" + good, state.defaultModel().orElse("unit-1"));
        assertEquals(UNITS, state.lastEventId());
        assertEquals(gaps.isEmpty() ? 0 : 1, state.diagnostics(0, 9, null, null).stream()
            .filter(one -> one.code() == Diagnostic.Code.EVENT_RANGE_DAMAGED).count());
        return good;
      });
      write(store, 99);
    }
    try (FileStore store = open(disk, UNITS)) {
      assertEquals("unit-99", store.read(state -> state.defaultModel().orElseThrow()));
      assertEquals(UNITS + 1, store.read(state -> state.events(UNITS + 1, 5, null)).getFirst().id());
      assertTrue(store.read(state -> state.untoldDamage()).isNone());
    }
    return last;
  }

  @Test
  @DisplayName("I-15, I-A26 a journal that is damaged anywhere is cut behind its last good frame; the rest is in quarantine, its "
      + "ids are a gap and are not given again")
  void everywhere() throws IOException {
    SimulatedDisk whole = written();
    assertEquals(Optional.empty(), AcceptedLoss.cut(place(copy(whole)), NOTHING));
    List<String> segments = segments(whole);
    assertTrue(segments.size() >= 3);
    int cuts = 0;
    for (String segment : segments) {
      long size;
      try (Disk.File file = whole.folder("journal").open(segment)) {
        size = file.size();
      }
      for (long at = 0; at < size; at += 7) {
        SimulatedDisk disk = copy(whole);
        flip(disk, segment, at);
        if (isDamaged(disk)) {
          if (at < 64 && segment.equals(segments.getFirst())) {
            assertEquals(Reason.JOURNAL_DAMAGED, assertThrows(StoreException.class,
                () -> AcceptedLoss.cut(place(disk), NOTHING)).reason());
          } else if (!segment.equals(segments.getFirst()) || at > 200) {
            List<String> evidence = AcceptedLoss.cut(place(disk), new Known(UNITS, UNITS)).orElseThrow();
            assertTrue(disk.folder("quarantine").list().containsAll(evidence));
            check(disk, UNITS);
            cuts++;
          }
        }
      }
    }
    assertTrue(cuts > 100, () -> "too few");
  }

  private static boolean isDamaged(SimulatedDisk disk) throws IOException {
    try (FileStore _ = open(copy(disk), 0)) {
      return false;
    } catch (StoreException e) {
      return true;
    }
  }

  @Test
  @DisplayName("I-A26 a missing or shortened segment is journal_damaged, an end before journal_low journal_truncated; both can be "
      + "given up")
  void missing() throws IOException {
    SimulatedDisk whole = written();
    List<String> segments = segments(whole);
    for (String segment : segments) {
      boolean last = segment.equals(segments.getLast());
      SimulatedDisk gone = copy(whole);
      gone.folder("journal").delete(segment);
      gone.folder("journal").sync();
      assertEquals(last ? Reason.JOURNAL_TRUNCATED : Reason.JOURNAL_DAMAGED, refused(copy(gone), UNITS));
      SimulatedDisk shorter = copy(whole);
      try (Disk.File file = shorter.folder("journal").open(segment)) {
        file.truncate(80);
        file.sync();
      }
      assertEquals(last ? Reason.JOURNAL_TRUNCATED : Reason.JOURNAL_DAMAGED, refused(copy(shorter), UNITS));
      if (!segment.equals(segments.getFirst())) {
        for (SimulatedDisk disk : List.of(gone, shorter)) {
          assertTrue(AcceptedLoss.cut(place(disk), new Known(UNITS, UNITS)).isPresent());
          check(disk, UNITS);
        }
      }
    }
  }

  @Test
  @DisplayName("I-9 giving up dies at each of its changes and is begun again: nothing good is lost, and what was lost is told")
  void crashes() throws IOException {
    SimulatedDisk whole = written();
    List<String> segments = segments(whole);
    var chance = new SplittableRandom(11);
    long good = 0;
    boolean finished = false;
    for (int at = 0; !finished; at++) {
      for (int outcome = 0; outcome < 8; outcome++) {
        SimulatedDisk disk = copy(whole);
        flip(disk, segments.get(1), 100);
        disk.cutAfter(at);
        try {
          AcceptedLoss.cut(place(disk), new Known(UNITS, UNITS));
          finished = true;
        } catch (SimulatedDisk.PowerCut _) {
          // Begun again.
        }
        disk.cutAfter(Long.MAX_VALUE);
        SimulatedDisk found = outcome == 0 ? disk : disk.afterPowerCut(chance);
        if (isDamaged(found)) {
          AcceptedLoss.cut(place(found), new Known(UNITS, UNITS));
        }
        long now = check(found, UNITS);
        assertTrue(good == 0 || good == now, "at " + at);
        good = now;
        assertFalse(found.folder("quarantine").list().isEmpty());
      }
    }
  }

  @Test
  @DisplayName("a store that opens gives nothing up; one that doesn't is cut through the port that a recovery asks")
  void port() throws IOException {
    SimulatedDisk disk = written();
    var sources = new FoldedStores(() -> {
      try {
        return open(disk, 0);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }, () -> 1, () -> JournalIndex.EMPTY, () -> {
      try {
        return place(disk);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    });
    assertEquals(Optional.empty(), sources.giveUp(new JournalMarks(UNITS, UNITS)));
    flip(disk, segments(disk).get(2), 70);
    assertEquals(segments(disk).size() - 2, sources.giveUp(new JournalMarks(UNITS, UNITS)).orElseThrow().size());
    check(disk, UNITS);
  }
}
