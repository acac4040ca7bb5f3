package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.KeptTasksAcceptance;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteKeptTasksTest extends KeptTasksAcceptance {
  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(folder.resolve("db"), START);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }
}
