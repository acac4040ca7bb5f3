package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.rebuild.CanonicalDestinations;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.stores.StoresOfRows;
import dev.holdfast.sqlite.integrity.stores.TableStores;
import io.micronaut.context.BeanProvider;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Singleton;

/** Gives a node on SQLite the stores of its runs, and those who look at them. */
@Factory
class SqliteStoresFactory {

  @Singleton
  @Requires(property = "holdfast.store", value = "sqlite")
  CanonicalDestinations destinations(BeanProvider<SqliteStore> store, BeanProvider<StoreFiles> files) {
    return new StoresOfRows(store::get, () -> files.get().highWatermark() + 1);
  }

  @Singleton
  @Requires(property = "holdfast.store", value = "sqlite")
  StoreFiles files(
      BeanProvider<SqliteStore> store, Rebuilding sources, DataDirectory directory, Evidence quarantine, Ids ids) {
    return new TableStores(() -> store.get().transactions(),
        new TableStores.Place(directory.id(), directory.epoch(), quarantine), sources, ids);
  }
}
