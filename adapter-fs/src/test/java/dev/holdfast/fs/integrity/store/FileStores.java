package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import dev.holdfast.fs.integrity.files.Quarantine;
import dev.holdfast.fs.integrity.journal.Journal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Stores in folders of tests, with segments so short that every suite goes over many. */
final class FileStores {
  static final String DIRECTORY_ID = "dd-0123456789abcdef";
  static final Journal.Settings SHORT =
      new Journal.Settings(DIRECTORY_ID, 1, () -> 4711, 16_384, 8_192);

  private FileStores() {}

  static Store open(Path folder) {
    try {
      var disk = new LocalDisk(folder);
      return FileStore.open(place(disk));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folders of a store, with short segments. */
  static Place place(Disk disk) throws IOException {
    return new Place(disk.folder("journal"), disk.folder("index"), new Quarantine(disk.folder("quarantine")), SHORT);
  }

  static Path fresh(Path folder, String name) {
    try {
      return Files.createTempDirectory(folder, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
