package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreProbe;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.SqliteStoreSnapshot;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Prototype;
import io.micronaut.context.annotation.Requires;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.InstantSource;

/** Gives the node its store when SQLite is the backend, a copy the one that it fills, and a bench its instruments. */
@Factory
class SqliteStoreFactory {

  /** Takes the data directory, so that its lock is held before the database is touched and given back after. */
  @Singleton
  @Bean(preDestroy = "close")
  @Requires(property = "holdfast.store", value = "sqlite")
  SqliteStore store(DataDirectory directory, InstantSource clock) {
    Path folder = Path.of(directory.location()).resolve("db");
    if (directory.hasStore()) {
      Database.requireThere(folder);
    }
    return SqliteStore.open(folder, clock.instant());
  }

  /** Of a node on SQLite, so that the store is open. */
  @Singleton
  @Requires(property = "holdfast.store", value = "sqlite")
  StoreSnapshot snapshot(DataDirectory directory, SqliteStore store) {
    return new SqliteStoreSnapshot(Path.of(directory.location()).resolve("db"));
  }

  /** For {@code store copy} and backups. */
  @Prototype
  @Named("sqlite")
  StoreOpening opening(InstantSource clock) {
    return new SqliteStoreOpening(clock);
  }

  /** For {@code bench}, which asks for it and closes it, and compares every store with it. */
  @Prototype
  @Requires(property = "holdfast.bench", value = "true")
  StoreProbe storeProbe(DataDirectory directory) {
    return SqliteStoreProbe.open(Path.of(directory.location()).resolve("store-probe"));
  }
}
