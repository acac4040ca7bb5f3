package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JournalDamageTest {
  private static final int UNITS = 12;
  private static final Set<Reason> TOLD = EnumSet.of(Reason.JOURNAL_DAMAGED, Reason.STORE_CORRUPT);
  private static final String SEGMENT = "seg-0000000000000001.hfj";

  private static Place place(Disk disk) throws IOException {
    var settings = new Journal.Settings("dd-0123456789abcdef", 1, () -> 4711, 1 << 20, 1_024);
    return new Place(disk.folder("journal"), disk.folder("index"), new Quarantine(disk.folder("quarantine")), settings);
  }

  /** The journal of units that were written one by one, each of which was answered. */
  private static byte[] written() throws IOException {
    SimulatedDisk disk = SimulatedDisk.empty();
    Place place = place(disk);
    try (var store = new FileStore(place, Fold.open(place), Runnable::run)) {
      for (int unit = 1; unit <= UNITS; unit++) {
        String name = "number-" + (100 + unit);
        store.write(_ -> Decision.done(name, List.of(new ProviderChange.DefaultModelPut(name)))).orThrow();
      }
    }
    try (Disk.File file = place.journal().open(SEGMENT)) {
      byte[] bytes = new byte[(int) file.size()];
      file.read(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** How many units are there; -1 where the damage was told instead. */
  private static int units(byte[] journal) throws IOException {
    Place place = place(SimulatedDisk.empty());
    try (Disk.File file = place.journal().create(SEGMENT)) {
      file.write(0, journal, 0, journal.length);
    }
    try (Fold fold = Fold.open(place)) {
      return fold.state().defaultModel().map(name -> Integer.parseInt(name.substring(7)) - 100).orElse(0);
    } catch (StoreException e) {
      assertTrue(TOLD.contains(e.reason()), e::getMessage);
      return -1;
    }
  }

  private static int end(byte[] journal) {
    int end = journal.length;
    while (journal[end - 1] == 0) {
      end--;
    }
    return end;
  }

  @Test
  @DisplayName("I-14 a journal that is cut at any byte of its last frame opens with all frames before it")
  void cut() throws IOException {
    byte[] journal = written();
    int frame = (end(journal) - 64) / UNITS;
    for (int length = end(journal) - frame + 1; length < end(journal); length++) {
      assertEquals(UNITS - 1, units(Arrays.copyOf(journal, length)), "cut at " + length);
      byte[] zeroed = journal.clone();
      Arrays.fill(zeroed, length, zeroed.length, (byte) 0);
      assertEquals(UNITS - 1, units(zeroed), "zeros from " + length);
    }
    assertEquals(UNITS, units(journal));
  }

  @Test
  @DisplayName("I-14, I-15 any byte of a journal that is flipped before its last frame is told; in the last one it is as if torn")
  void flipped() throws IOException {
    byte[] journal = written();
    int last = end(journal) - (end(journal) - 64) / UNITS;
    for (int at = 0; at < end(journal); at++) {
      for (int bit : new int[] {0, 3, 7}) {
        byte[] damaged = journal.clone();
        damaged[at] ^= (byte) (1 << bit);
        int found = units(damaged);
        boolean unused = at >= 52 && at < 60;
        int expected = unused ? UNITS : at < last ? -1 : UNITS - 1;
        assertTrue(found == expected || (at < 64 && found == -1), "byte " + at + " bit " + bit + ": " + found);
      }
    }
  }

  @Test
  @DisplayName("I-14 garbage behind the last frame is cut, and what is appended then is there at the next start")
  void garbage() throws IOException {
    byte[] journal = written();
    byte[] damaged = journal.clone();
    Arrays.fill(damaged, end(journal), damaged.length, (byte) 0x5a);
    Place place = place(SimulatedDisk.empty());
    try (Disk.File file = place.journal().create(SEGMENT)) {
      file.write(0, damaged, 0, damaged.length);
    }
    try (var store = new FileStore(place, Fold.open(place), Runnable::run)) {
      store.write(_ -> Decision.done("", List.of(new ProviderChange.DefaultModelPut("number-113")))).orThrow();
    }
    try (Fold fold = Fold.open(place)) {
      assertEquals("number-113", fold.state().defaultModel().orElseThrow());
    }
  }

  @Test
  @DisplayName("I-15 a segment that is missing, of another directory, or no segment is told")
  void segments() throws IOException {
    byte[] journal = written();
    Place place = place(SimulatedDisk.empty());
    try (Disk.File file = place.journal().create("seg-0000000000000009.hfj")) {
      file.write(0, journal, 0, journal.length);
    }
    assertEquals(Reason.JOURNAL_DAMAGED, reason(place));
    Place other = new Place(place.journal(), place.index(), place.quarantine(),
        new Journal.Settings("dd-another", 1, () -> 4711, 1 << 20, 1_024));
    place.journal().rename("seg-0000000000000009.hfj", SEGMENT);
    assertEquals(Reason.JOURNAL_DAMAGED, reason(other));
    assertEquals(-1, units(new byte[0]));
    assertEquals(-1, units(new byte[4_096]));
  }

  private static Reason reason(Place place) throws IOException {
    try (Fold _ = Fold.open(place)) {
      throw new AssertionError("it opened");
    } catch (StoreException e) {
      return e.reason();
    }
  }
}
