package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.KeptTasksAcceptance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileKeptTasksTest extends KeptTasksAcceptance {
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
