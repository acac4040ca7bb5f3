package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.FaultyDisk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FileStoreFaultsTest {
  private static final int UNITS = 40;
  private static final int OPERATIONS = 130;

  private static Place place(Disk journal, Disk folder) throws IOException {
    var settings = new Journal.Settings("dd-0123456789abcdef", 1, () -> 4711, 2_048, 512);
    return new Place(journal, folder.folder("index"), new Quarantine(folder.folder("quarantine")), settings);
  }

  @Test
  @DisplayName("I-8 any sync of the journal that fails poisons the store; another failure refuses what it met, and writes go on")
  void faults() throws IOException {
    int poisoned = 0;
    int mended = 0;
    for (int at = 0; at < OPERATIONS; at++) {
      SimulatedDisk disk = SimulatedDisk.empty();
      FaultyDisk journal = FaultyDisk.failing(disk.folder("journal"), at, "Input/output error");
      Place place = place(journal, disk);
      Fold fold;
      try {
        fold = Fold.open(place);
      } catch (IOException e) {
        continue;
      }
      int acknowledged = 0;
      try (var store = new FileStore(place, fold, Runnable::run)) {
        for (int unit = 1; unit <= UNITS; unit++) {
          String name = Integer.toString(unit);
          boolean failedBefore = !journal.failed().isEmpty();
          try {
            store.write(_ -> Decision.done(name, List.of(new ProviderChange.DefaultModelPut(name)))).orThrow();
            acknowledged = unit;
            assertTrue(!journal.failed().startsWith("sync"), () -> "written behind " + journal.failed());
          } catch (StoreException e) {
            boolean sync = journal.failed().startsWith("sync");
            assertEquals(sync ? Reason.STORE_POISONED : Reason.STORE_IO, e.reason(), journal.failed());
            assertTrue(sync || !failedBefore, () -> "refused once more behind " + journal.failed());
          }
        }
        poisoned += journal.failed().startsWith("sync") ? 1 : 0;
        mended += !journal.failed().isEmpty() && acknowledged == UNITS ? 1 : 0;
      }
      try (Fold found = Fold.open(place(disk.folder("journal"), disk))) {
        assertTrue(found.state().defaultModel().map(Integer::parseInt).orElse(0) >= acknowledged, journal.failed());
      }
    }
    assertTrue(poisoned > 10 && mended > 10, poisoned + " poisoned, " + mended + " mended");
  }
}
