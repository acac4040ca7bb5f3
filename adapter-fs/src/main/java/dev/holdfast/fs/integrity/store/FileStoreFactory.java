package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.fs.integrity.FileDirectoryInspection;
import dev.holdfast.fs.integrity.files.FolderStores;
import dev.holdfast.fs.integrity.files.StoreFolder;
import dev.holdfast.fs.integrity.journal.Journal;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;

/** Gives the node its store when plain files are the backend, a copy the one that it fills, and doctor its looks. */
@Factory
class FileStoreFactory {
  private static final int SEGMENT = 64 << 20;
  private static final int AHEAD = 4 << 20;

  /** Takes the data directory, so that its lock is held before the journal is touched and given back after. */
  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "holdfast.store", value = "filesystem")
  FileStore store(DataDirectory directory, StoreFolder stores, Ids ids) {
    return ofDirectory(directory, ids).open(directory, stores);
  }

  @Singleton
  @Requires(property = "holdfast.store", value = "filesystem")
  StoreFolder folder(DataDirectory directory) {
    return FileStoreOpening.stores(directory.location());
  }

  /** The store is opened when the first of them is to be made from it. */
  @Singleton
  @Requires(property = "holdfast.store", value = "filesystem")
  CanonicalDestinations destinations(
      BeanProvider<FileStore> journal, BeanProvider<StoreFiles> files, StoreFolder folder, DataDirectory directory,
      Ids ids) {
    return new FoldedStores(journal::get, () -> files.get().highWatermark() + 1, folder::journalIndex,
        () -> ofDirectory(directory, ids).place(directory.location()));
  }

  @Singleton
  @Requires(property = "holdfast.store", value = "filesystem")
  StoreFiles files(StoreFolder folder, Rebuilding sources, DataDirectory directory, Ids ids) {
    return new FolderStores(folder, sources, directory.id(), ids);
  }

  @Singleton
  @Requires(property = "holdfast.store", value = "filesystem")
  StoreSnapshot snapshot(FileStore store) {
    return store.snapshot();
  }

  /** For {@code store copy} and backups. */
  @Prototype
  @Named("filesystem")
  StoreOpening opening(DataDirectory directory, Ids ids) {
    return ofDirectory(directory, ids);
  }

  private static FileStoreOpening ofDirectory(DataDirectory directory, Ids ids) {
    return new FileStoreOpening(new Journal.Settings(directory.id(), Math.toIntExact(directory.epoch()),
        () -> Integer.parseUnsignedInt(ids.hex(8), 16), SEGMENT, AHEAD));
  }

  /** Opens no data directory, so that a doctor may ask for it where a node runs. */
  @Prototype
  @Requires(property = "holdfast.store", value = "filesystem")
  StoreInspection inspection(@Property(name = "holdfast.data") String data) {
    Path folder = Path.of(data);
    return new FileStoreInspection(folder.resolve(FileStoreOpening.FOLDER).resolve(FileStoreOpening.JOURNAL),
        new FileDirectoryInspection(folder)::id);
  }
}
