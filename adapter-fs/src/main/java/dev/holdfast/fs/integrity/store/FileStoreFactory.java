package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreInspection;
import dev.holdfast.fs.integrity.FileDirectoryInspection;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import dev.holdfast.fs.integrity.journal.Journal;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;

/** Gives the node its store when plain files are the backend, and who looks at one from outside. */
@Factory
@Requires(property = "holdfast.store", value = "filesystem")
class FileStoreFactory {
  private static final String FOLDER = "fs";
  private static final String JOURNAL = "journal";
  private static final int SEGMENT = 64 << 20;
  private static final int AHEAD = 4 << 20;

  /** Takes the data directory, so that its lock is held before the journal is touched and given back after. */
  @Singleton
  @Bean(preDestroy = "close")
  Store store(DataDirectory directory, Ids ids) {
    var settings = new Journal.Settings(directory.id(), Math.toIntExact(directory.epoch()),
        () -> Integer.parseUnsignedInt(ids.hex(8), 16), SEGMENT, AHEAD);
    try {
      Disk folder = new LocalDisk(Path.of(directory.location())).folder(FOLDER);
      return FileStore.open(new Place(folder.folder(JOURNAL), folder.folder("index"), settings));
    } catch (IOException e) {
      throw DiskFailure.of("the folder of the journal could not be made", e);
    }
  }

  /** For {@code doctor}, which opens no data directory. */
  @Prototype
  @Requires(property = "holdfast.inspection", value = "true")
  StoreInspection inspection(@Property(name = "holdfast.data") String data) {
    Path folder = Path.of(data);
    return new FileStoreInspection(folder.resolve(FOLDER).resolve(JOURNAL), new FileDirectoryInspection(folder)::id);
  }
}
