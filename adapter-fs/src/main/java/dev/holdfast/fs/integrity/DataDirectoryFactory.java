package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.backups.BackupRestoring;
import dev.holdfast.domain.integrity.backups.BackupShelf;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The node's data directory, opened when first asked for. A context closes its beans after those that use them, so a store
 * that takes the directory as an argument is closed before the lock is given back.
 */
@Factory
class DataDirectoryFactory {
  private static final String MEMORY = "memory";

  @Singleton
  @Bean(preDestroy = "close")
  DataDirectory dataDirectory(
      @Property(name = "holdfast.store") String store, @Property(name = "holdfast.data") @Nullable String data,
      InstantSource clock, Ids ids) {
    if (store.equals(MEMORY)) {
      return FileDataDirectory.temporary(store, clock.instant(), ids);
    }
    if (data == null) {
      throw StoreException.unusable(Reason.INVALID_REQUEST, "no data directory is named; name one with --data");
    }
    return FileDataDirectory.open(Path.of(data), store, clock.instant(), ids);
  }

  /** Opens no data directory. */
  @Prototype
  @Requires(property = "holdfast.data")
  StrayFiles strays(@Property(name = "holdfast.data") String data) {
    return new FolderStrays(Path.of(data));
  }

  /** For {@code bench}, which asks for it and closes it. */
  @Prototype
  @Requires(property = "holdfast.bench", value = "true")
  DiskProbe diskProbe(DataDirectory directory) {
    return FileDiskProbe.open(Path.of(directory.location()));
  }

  /** For {@code store copy}. */
  @Prototype
  @Requires(property = "holdfast.copying", value = "true")
  StoreSwitch storeSwitch(DataDirectory directory) {
    return new FileStoreSwitch(Path.of(directory.location()));
  }

  @Singleton
  BackupShelf backups(DataDirectory directory) {
    return new FileBackupShelf(Path.of(directory.location()));
  }

  @Singleton
  BackupRestoring restoring() {
    return new FileBackupRestoring();
  }

  /** For {@code doctor}, which opens no data directory. */
  @Prototype
  @Requires(property = "holdfast.inspection", value = "true")
  DirectoryInspection inspection(@Property(name = "holdfast.data") String data) {
    return new FileDirectoryInspection(Path.of(data));
  }
}
