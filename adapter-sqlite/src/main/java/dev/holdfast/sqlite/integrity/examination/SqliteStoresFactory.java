package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.stores.StoresOfRows;
import dev.holdfast.sqlite.integrity.stores.TableStores;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Property;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Gives a node on SQLite the stores of its runs, and those who look at them. */
@Factory
class SqliteStoresFactory {

  @Singleton
  @Requires(property = "holdfast.store", value = "sqlite")
  CanonicalDestinations destinations(BeanProvider<SqliteStore> store, BeanProvider<StoreFiles> files) {
    return new StoresOfRows(store::get, () -> files.get().highWatermark() + 1);
  }

  /**
   * Opens no data directory, so that a doctor may ask for it where a node runs. A node looks at its own database as its readers do:
   * a file of it that the process opened beside SQLite would, when it is closed, take away the locks that SQLite holds.
   */
  @Prototype
  @Requires(property = "holdfast.store", value = "sqlite")
  StoreInspection inspection(
      @Property(name = "holdfast.data") String data, @Nullable DirectoryInspection outside) {
    return new SqliteStoreInspection(Path.of(data).resolve("db"),
        () -> outside == null || outside.holder() instanceof DirectoryInspection.Holder.Running);
  }

  @Singleton
  @Requires(property = "holdfast.store", value = "sqlite")
  StoreFiles files(
      BeanProvider<SqliteStore> store, Rebuilding sources, DataDirectory directory, Evidence quarantine, Ids ids) {
    return new TableStores(() -> store.get().transactions(),
        new TableStores.Place(directory.id(), directory.epoch(), quarantine), sources, ids);
  }
}
