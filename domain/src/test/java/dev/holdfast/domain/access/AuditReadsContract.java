package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreSuite;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about the audit. */
public abstract class AuditReadsContract extends StoreSuite {
  private static final AuditKey KEY = new AuditKey("5a".repeat(32));

  private AuditRecord audit(String subject, String action) {
    var caller = new AuditEntry.Caller("0".repeat(32), null, "1".repeat(16), subject, Role.CONSUMER);
    var entry = new AuditEntry(caller, action, "a \"target\" \u00e9", 409, Reason.SESSION_BUSY, 1);
    return done(state -> {
      AuditRecord sealed = AuditRules.seal(KEY, state.auditHead(), entry, START);
      return Decision.done(sealed, List.of(new AccessChange.Audited(sealed)));
    });
  }

  private List<Long> found(long after, int limit, @Nullable String subject, @Nullable String action) {
    return read(state -> state.audit(after, limit, subject, action)).stream().map(AuditRecord::seq).toList();
  }

  @Test
  @DisplayName("a new store has no record and a head of zeros")
  void empty() {
    assertEquals(AuditHead.NONE, read(AuditReads::auditHead));
    assertTrue(read(state -> state.audit(0, 10, null, null)).isEmpty());
  }

  @Test
  @DisplayName("records come back byte for byte, in order, and the head is the last one's")
  void comeBack() {
    AuditRecord first = audit("ann", "worker.create");
    AuditRecord second = audit("bob", "worker.stop");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second), read(state -> state.audit(0, 10, null, null)));
      assertEquals(List.of(second), read(state -> state.audit(1, 10, null, null)));
      assertEquals(second.head(), read(AuditReads::auditHead));
    });
    AuditRecord third = audit("ann", "worker.stop");
    assertEquals(3, third.seq());
    nowAndAfterReopen(() -> assertEquals(third.head(), read(AuditReads::auditHead)));
  }

  @Test
  @DisplayName("records are found by subject and by action, a page at a time")
  void filtered() {
    for (int i = 1; i <= 12; i++) {
      audit(i % 2 == 0 ? "ann" : "bob", i % 3 == 0 ? "worker.stop" : "worker.create");
    }
    nowAndAfterReopen(() -> {
      assertEquals(List.of(2L, 4L, 6L), found(0, 3, "ann", null));
      assertEquals(List.of(8L, 10L, 12L), found(6, 10, "ann", null));
      assertEquals(List.of(6L, 12L), found(0, 10, "ann", "worker.stop"));
      assertEquals(List.of(), found(0, 10, "ANN", null));
      assertEquals(List.of(), found(12, 10, null, null));
    });
  }

  @Test
  @DisplayName("a record that doesn't follow the last one is never written, nor is anything beside it")
  void outOfOrder() {
    AuditRecord first = audit("ann", "worker.create");
    assertThrows(RuntimeException.class, () -> put(new AccessChange.Audited(first)));
    nowAndAfterReopen(() -> assertEquals(List.of(first), read(state -> state.audit(0, 10, null, null))));
  }
}
