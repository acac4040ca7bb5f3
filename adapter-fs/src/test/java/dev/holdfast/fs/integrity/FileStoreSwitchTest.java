package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSwitch;
import dev.holdfast.domain.integrity.StoreSwitchContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

  @Test
  @DisplayName("a folder beside the place that no copy of ours has left stays, and is told")
  void foreign() throws IOException {
    Path mine = Files.writeString(Files.createDirectory(folder.resolve("new.copying")).resolve("mine"), "text");
    StoreException refused = assertThrows(StoreException.class,
        () -> open().stageInto(folder.resolve("new").toString(), "filesystem"));
    assertEquals(Reason.INVALID_REQUEST, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains("new.copying"), refused.getMessage());
    assertEquals("text", Files.readString(mine));
  }
}
