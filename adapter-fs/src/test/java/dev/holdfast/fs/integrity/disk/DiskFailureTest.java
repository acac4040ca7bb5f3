package dev.holdfast.fs.integrity.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DiskFailureTest {
  @Test
  @DisplayName("I-8 a full disk is storage_full, a failed sync store_poisoned, any other failure store_io")
  void reasons() {
    assertEquals(Reason.STORAGE_FULL, of(new IOException("No space left on device")).reason());
    assertEquals(Reason.STORE_POISONED, of(new SyncFailure(new IOException("Input/output error"))).reason());
    assertEquals(Reason.STORE_IO, of(new IOException("Input/output error")).reason());
  }

  @Test
  @DisplayName("what can't be written for its file system or its owner says what would help")
  void advice() {
    StoreException readOnly = of(new FileSystemException("lock", null, "Read-only file system"));
    assertEquals(Reason.STORE_IO, readOnly.reason());
    assertTrue(String.valueOf(readOnly.getMessage()).contains("mount it for writing"), readOnly::toString);

    StoreException denied = of(new AccessDeniedException("lock"));
    assertEquals(Reason.STORE_IO, denied.reason());
    assertTrue(String.valueOf(denied.getMessage()).contains("ls -ld"), denied::toString);
  }

  private static StoreException of(IOException cause) {
    return DiskFailure.of("the journal could not be written", cause);
  }
}
