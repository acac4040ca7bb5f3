package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.access.PresentedKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link DataDirectory} promises. */
public abstract class DataDirectoryContract {
  private static final PresentedKey FIRST = new PresentedKey("00000000000000aa", "1".repeat(64));
  private static final PresentedKey SECOND = new PresentedKey("00000000000000bb", "2".repeat(64));

  /** Opens one and the same folder at each call of a test; the first call finds it missing. */
  protected abstract DataDirectory open();

  @Test
  @DisplayName("I-4 the epoch is 1 at the first opening and grows by one with each further one")
  void epochGrows() {
    for (long expected = 1; expected <= 5; expected++) {
      try (DataDirectory directory = open()) {
        assertEquals(expected, directory.epoch());
      }
    }
  }

  @Test
  @DisplayName("the id is given once, dd- and 16 hex digits, and stays")
  void idStays() {
    String id;
    try (DataDirectory directory = open()) {
      id = directory.id();
    }
    assertTrue(id.matches("dd-[0-9a-f]{16}"), id);
    try (DataDirectory directory = open()) {
      assertEquals(id, directory.id());
    }
  }

  @Test
  @DisplayName("I-A20 a folder is fresh until a launch has settled in it, however often that has to begin")
  void fresh() {
    for (int start = 0; start < 3; start++) {
      try (DataDirectory directory = open()) {
        assertTrue(directory.fresh());
        assertFalse(directory.hasStore());
      }
    }
    try (DataDirectory directory = open()) {
      directory.settled();
      assertFalse(directory.fresh());
      assertTrue(directory.hasStore());
      directory.settled();
    }
    try (DataDirectory directory = open()) {
      assertFalse(directory.fresh());
    }
  }

  @Test
  @DisplayName("I-3 a second opening is refused while the first is open, and costs neither its lock nor an epoch")
  void oneHolder() {
    DataDirectory first = open();
    for (int i = 0; i < 2; i++) {
      StoreException refused = assertThrows(StoreException.class, this::open);
      assertEquals(Reason.DATA_DIR_LOCKED, refused.reason());
    }
    first.close();
    try (DataDirectory next = open()) {
      assertEquals(first.epoch() + 1, next.epoch());
    }
  }

  @Test
  @DisplayName("closing twice is closing once: it doesn't take the lock of a later holder")
  void closeIsIdempotent() {
    DataDirectory first = open();
    first.close();
    try (DataDirectory next = open()) {
      assertEquals(2, next.epoch());
      first.close();
      assertThrows(StoreException.class, this::open);
    }
  }

  @Test
  @DisplayName("the admin key's file holds its text and is replaced by a later one")
  void adminKey() throws IOException {
    try (DataDirectory directory = open()) {
      assertFalse(Files.exists(Path.of(directory.adminKeyFile())));
      assertEquals(directory.adminKeyFile(), directory.writeAdminKey(FIRST));
      assertEquals(FIRST.text(), Files.readString(Path.of(directory.adminKeyFile())).strip());
      directory.writeAdminKey(SECOND);
      assertEquals(SECOND.text(), Files.readString(Path.of(directory.adminKeyFile())).strip());
    }
    try (DataDirectory again = open()) {
      assertEquals(SECOND.text(), Files.readString(Path.of(again.adminKeyFile())).strip());
    }
  }

  @Test
  @DisplayName("the audit key is made once and is the same at every opening")
  void auditKey() {
    String sealed;
    try (DataDirectory directory = open()) {
      sealed = sealedBy(directory);
      assertEquals(sealed, sealedBy(directory));
      assertFalse(directory.auditKey().toString().matches(".*[0-9a-f]{16}.*"));
    }
    try (DataDirectory again = open()) {
      assertEquals(sealed, sealedBy(again));
    }
  }

  private static String sealedBy(DataDirectory directory) {
    var entry = new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "test.call", null, 200, null, 1);
    return AuditRules.seal(directory.auditKey(), AuditHead.NONE, entry, Instant.EPOCH).mac();
  }

  @Test
  @DisplayName("the admin key's file is inside the folder whose path is told")
  void location() {
    try (DataDirectory directory = open()) {
      assertTrue(Path.of(directory.adminKeyFile()).startsWith(Path.of(directory.location())));
    }
  }
}
