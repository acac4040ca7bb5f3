package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.StoreSwitchContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileStoreSwitchTest extends StoreSwitchContract {
  @TempDir
  private Path folder;

  private Path root() {
    return folder.resolve("data");
  }

  @BeforeEach
  void makeDirectory() {
    FileDataDirectory.open(root(), "sqlite", Instant.EPOCH, "0"::repeat).close();
  }

  @Override
  protected StoreSwitch open() {
    return new FileStoreSwitch(root());
  }

  @Override
  protected String backend() throws IOException {
    return DirectoryIdentity.read(new Layout(root())).orElseThrow().backend();
  }
}
