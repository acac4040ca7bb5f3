package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditEntry;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.SwitchableStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditHeadTest {

  /** What an earlier life of the node has left. */
  private static void sealed(NodeUnderTest node, AuditKey key) {
    AuditHead head = AuditHead.NONE;
    for (int i = 0; i < 3; i++) {
      AuditRecord entry = AuditRules.seal(key, head,
          new AuditEntry(AuditEntry.Caller.local("0".repeat(32)), "worker.create", null, 200, null, 1), Instant.EPOCH);
      node.bean(SwitchableStore.class)
          .write(_ -> Decision.done(true, List.of(new AccessChange.Audited(entry)))).orThrow();
      head = entry.head();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("A-93 A start tells by a diagnostic that the audit's newest record isn't as it was sealed, and only then")
  void start(boolean lost) {
    try (var node = NodeUnderTest.starting(Map.of())) {
      sealed(node, lost ? new AuditKey("0c".repeat(32)) : node.bean(DataDirectory.class).auditKey());
      node.launch();
      List<Object> codes = List.copyOf(node.get("/api/v1/diagnostics").items().stream()
          .map(item -> String.valueOf(item.get("code"))).toList());
      assertEquals(lost ? List.of("access.audit_head_unverified") : List.of(), codes);
      assertEquals(200, node.post("/api/v1/workers", "{}").status(), "the node serves all the same");
      assertEquals(4L, node.get("/api/v1/audit/head").member("seq"));
    }
  }
}
