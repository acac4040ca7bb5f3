package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.nio.file.Path;

/** Opens stores on plain files. */
final class FileStoreOpening implements StoreOpening {
  /** Within the data directory. */
  static final String FOLDER = "fs";
  /** Within that. */
  static final String JOURNAL = "journal";

  private final Journal.Settings settings;

  /** @param settings of the journals, all of which are of one data directory */
  FileStoreOpening(Journal.Settings settings) {
    this.settings = settings;
  }

  @Override
  public Store open(String root) {
    try {
      Disk data = new LocalDisk(Path.of(root));
      Disk folder = data.folder(FOLDER);
      var quarantine = new Quarantine(data.folder("quarantine"));
      return FileStore.open(new Place(folder.folder(JOURNAL), folder.folder("index"), quarantine, settings));
    } catch (IOException e) {
      throw DiskFailure.of("the folder of the journal could not be made", e);
    }
  }
}
