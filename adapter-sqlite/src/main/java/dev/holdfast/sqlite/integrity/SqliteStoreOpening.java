package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import java.nio.file.Path;
import java.time.InstantSource;

/** Opens databases. */
final class SqliteStoreOpening implements StoreOpening {
  private final InstantSource clock;

  SqliteStoreOpening(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Store open(String folder) {
    return SqliteStore.open(Path.of(folder).resolve("db"), clock.instant());
  }
}
