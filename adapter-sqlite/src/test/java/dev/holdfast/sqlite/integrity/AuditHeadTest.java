package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.integrity.Store;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit's head in a database that somebody has changed behind the node's back. */
class AuditHeadTest {
  private static final AuditKey KEY = new AuditKey("5a".repeat(32));

  @TempDir
  private Path folder;

  private static AuditRecord append(Store store) {
    var entry = new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "test.call", null, 200, null, 1);
    return store.write(state -> {
      AuditRecord sealed = AuditRules.seal(KEY, state.auditHead(), entry, Instant.EPOCH);
      return Decision.done(sealed, List.of(new AccessChange.Audited(sealed)));
    }).orThrow();
  }

  @Test
  @DisplayName("A-93 a head that was removed keeps no node from going on behind the last record")
  void removed() throws SQLException {
    goesOnBehind("DELETE FROM audit_head");
  }

  @Test
  @DisplayName("A-93 nor does one that was set back")
  void setBack() throws SQLException {
    goesOnBehind("UPDATE audit_head SET seq = 1, mac = (SELECT mac FROM audit WHERE seq = 1)");
  }

  private void goesOnBehind(String damage) throws SQLException {
    AuditRecord last;
    try (Store store = SqliteStore.open(folder, Instant.EPOCH)) {
      append(store);
      append(store);
      last = append(store);
    }
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("holdfast.db"));
        var statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate(damage));
    }
    try (Store store = SqliteStore.open(folder, Instant.EPOCH)) {
      AuditRecord next = append(store);
      assertEquals(4, next.seq());
      AuditRules.Checked checked = AuditRules.check(KEY, last.head(), List.of(next),
          new AuditRules.Expected(store.read(state -> state.auditHead()), null));
      assertEquals(new AuditRules.Checked(next.head(), null), checked);
    }
  }
}
