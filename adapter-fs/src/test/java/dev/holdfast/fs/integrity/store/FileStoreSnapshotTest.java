package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.backups.StoreSnapshotContract;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class FileStoreSnapshotTest extends StoreSnapshotContract {
  private final Disk disk = SimulatedDisk.empty();
  private @Nullable FileStore store;

  @BeforeEach
  void openStore() throws IOException {
    store = FileStore.open(FileStores.place(disk));
  }

  @AfterEach
  void closeStore() {
    store().close();
  }

  @Override
  protected FileStore store() {
    return Objects.requireNonNull(store);
  }

  @Override
  protected StoreSnapshot snapshot() {
    return store().snapshot();
  }

  @Override
  protected StoreOpening opening() {
    return new FileStoreOpening(FileStores.SHORT);
  }
}
