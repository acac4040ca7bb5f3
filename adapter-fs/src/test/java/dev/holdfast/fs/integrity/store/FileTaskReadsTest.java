package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.TaskReadsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileTaskReadsTest extends TaskReadsContract {
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
