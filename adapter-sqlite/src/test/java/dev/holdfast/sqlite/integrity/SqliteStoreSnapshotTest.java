package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.backups.StoreSnapshotContract;
import dev.holdfast.sqlite.integrity.database.SqliteStoreSnapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreSnapshotTest extends StoreSnapshotContract {
  @TempDir
  Path parent = Path.of(".");
  private @Nullable Store store;

  @BeforeEach
  void openStore() {
    store = SqliteStore.open(parent.resolve("db"), Instant.EPOCH);
  }

  @AfterEach
  void closeStore() {
    store().close();
  }

  @Override
  protected Store store() {
    return Objects.requireNonNull(store);
  }

  @Override
  protected StoreSnapshot snapshot() {
    return new SqliteStoreSnapshot(parent.resolve("db"));
  }

  @Override
  protected StoreOpening opening() {
    return new SqliteStoreOpening(() -> Instant.EPOCH);
  }
}
