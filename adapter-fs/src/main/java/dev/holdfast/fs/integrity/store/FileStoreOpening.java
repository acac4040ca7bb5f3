package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.files.StoreFolder;
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
    return FileStore.open(place(root));
  }

  /**
   * The store of a node.
   *
   * @throws StoreException store_missing where the journal was lost, or a segment of it; store_corrupt where what is the runtime's is
   *     damaged, or it ends before what the launch state knows of it
   */
  FileStore open(DataDirectory directory, StoreFolder stores) {
    try {
      Place place = place(directory.location());
      if (directory.hasStore() && place.journal().list().isEmpty()) {
        throw StoreException.unusable(Reason.STORE_MISSING,
            "the journal of " + directory.location() + " is not there; restore it from a backup");
      }
      return FileStore.open(place, stores.marks().lastFrame());
    } catch (StoreException e) {
      throw e.ofOpening();
    } catch (IOException e) {
      throw DiskFailure.of("the journal or the launch state could not be read", e);
    }
  }

  /** Where the store of a data directory is; its folders are made where they aren't there. */
  Place place(String root) {
    try {
      Disk data = new LocalDisk(Path.of(root));
      Disk folder = data.folder(FOLDER);
      return new Place(folder.folder(JOURNAL), folder.folder("index"), quarantine(data), settings);
    } catch (IOException e) {
      throw DiskFailure.of("the folder of the journal could not be made", e);
    }
  }

  /** The folder of the stores' files of a data directory, made where it isn't there. */
  static StoreFolder stores(String root) {
    try {
      Disk data = new LocalDisk(Path.of(root));
      return StoreFolder.in(data.folder(FOLDER), quarantine(data));
    } catch (IOException e) {
      throw DiskFailure.of("the folder of the stores could not be made", e);
    }
  }

  private static Quarantine quarantine(Disk data) throws IOException {
    return new Quarantine(data.folder("quarantine"));
  }
}
