package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.LifecycleAcceptance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileLifecycleAcceptanceTest extends LifecycleAcceptance {
  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return FileStores.open(folder);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }
}
