package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.fold.Archive;
import dev.holdfast.domain.integrity.fold.ArchiveContract;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.domain.integrity.records.format.BinaryOut;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.index.RowIndex;
import dev.holdfast.fs.integrity.journal.Journal;
import dev.holdfast.fs.integrity.journal.Lost;
import dev.holdfast.fs.integrity.journal.Mark;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** What was kept in a unit before is read from the journal. */
class FileArchiveTest extends ArchiveContract {
  private final Disk disk = SimulatedDisk.empty();
  private final Journal journal =
      new Journal(disk, new Journal.Settings("dd-0123456789abcdef", 1, () -> 4711, 1 << 20, 1_024));
  private final FileArchive archive = new FileArchive(journal, RowIndex.empty(disk));

  @BeforeEach
  void open() throws Exception {
    journal.open();
    journal.replay(Mark.START, 0, new Journal.Told() {
      @Override
      public void unit(long position, byte[] payload) {
        throw new AssertionError("the journal is empty");
      }

      @Override
      public void lost(Lost units) {
        throw new AssertionError("the journal is empty");
      }

      @Override
      public void torn(String file, byte[] bytes) {
        throw new AssertionError("the journal is empty");
      }
    });
  }

  @Override
  protected Archive archive() {
    return archive;
  }

  @Override
  protected void unit(List<Change> changes) {
    archive.begin(journal.end(), changes);
    assertDoesNotThrow(
        () -> journal.append(List.of(Units.of(new MemoryState(), changes, Units.write(new BinaryOut(), changes)))));
    archive.written();
  }
}
