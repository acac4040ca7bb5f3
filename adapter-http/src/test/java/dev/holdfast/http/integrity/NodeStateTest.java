package dev.holdfast.http.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.SwitchableStore;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NodeStateTest {

  private static void refused(int status, String reason, NodeUnderTest.Answer answer) {
    assertEquals(status, answer.status(), answer.body());
    assertEquals(reason, answer.text("reason"));
    assertEquals(status == 503 ? "5" : null, answer.header("Retry-After"));
  }

  @Test
  @DisplayName("A node that starts answers health and nothing else")
  void starting() {
    try (var node = NodeUnderTest.starting(Map.of())) {
      refused(503, "node_starting", node.sendAs(null, "GET", "/health/readiness", null));
      assertEquals(200, node.sendAs(null, "GET", "/health/liveness", null).status());
      refused(503, "node_starting", node.sendAs(null, "GET", "/api/v1/workers", null));
      refused(503, "node_starting", node.sendAs(null, "GET", "/nowhere", null));
      node.launch();
      assertEquals(200, node.sendAs(null, "GET", "/health/readiness", null).status());
      assertEquals(200, node.get("/api/v1/workers").status());
    }
  }

  @Test
  @DisplayName("A-33 A node that drains answers reads and what finishes work in hand, and refuses other mutations and new streams")
  void draining() {
    try (var node = NodeUnderTest.started()) {
      String worker = node.post("/api/v1/workers", "{}").text("worker_id");
      node.enter(NodeState.Phase.DRAINING);
      refused(503, "node_draining", node.sendAs(null, "GET", "/health/readiness", null));
      refused(503, "node_draining",
          node.sendAs(null, "GET", "/health/readiness", null, "Accept", "text/event-stream"));
      assertEquals(200,
          node.sendAs(null, "GET", "/health/liveness", null, "Accept", "text/event-stream").status());
      assertEquals(200, node.get("/api/v1/workers/" + worker).status());
      refused(503, "node_draining", node.post("/api/v1/workers", "{}"));
      refused(503, "node_draining", node.post("/api/v1/workers/" + worker + "/inputs", "{\"content\":\"a\"}"));
      refused(503, "node_draining", node.get("/api/v1/events/stream"));
      assertEquals(503, node.post("/v1/chat/completions", "{\"model\":\"scripted\",\"messages\":[]}").status());
      refused(404, "route_not_found", node.post("/api/v1/nowhere", "{}"));
      assertEquals(200, node.post("/api/v1/workers/" + worker + "/cancel", "{}").status());
    }
  }

  @Test
  @DisplayName("A store that fails has its reason and status, and tells nothing of where")
  void storeFailures() {
    try (var node = NodeUnderTest.started()) {
      var cause = new IOException("/secret/place: no space");
      failing(node, StoreException.io("writing /secret/place", cause), 500, "store_io");
      failing(node, StoreException.full(cause), 507, "storage_full");
      failing(node, StoreException.unknown("no answer", cause), 504, "outcome_unknown");
      assertEquals(200, node.sendAs(null, "GET", "/health/readiness", null).status());
      failing(node, StoreException.poisoned(cause), 503, "store_poisoned");
      refused(503, "store_poisoned", node.sendAs(null, "GET", "/health/readiness", null));
      node.bean(SwitchableStore.class).failWrites(null);
    }
  }

  @Test
  @DisplayName("A-A23 What was done and not answered is outcome_unknown, and repeating it with its key doesn't double it")
  void lostAnswer() {
    try (var node = NodeUnderTest.started()) {
      // The first use of a key in a minute is written, too.
      node.get("/api/v1/whoami");
      node.bean(SwitchableStore.class).loseNextAnswer();
      refused(504, "outcome_unknown", node.post("/api/v1/workers", "{}", "Idempotency-Key", "once"));
      NodeUnderTest.Answer again = node.post("/api/v1/workers", "{}", "Idempotency-Key", "once");
      assertEquals(200, again.status());
      assertEquals("true", again.header("Idempotency-Replayed"));
      assertEquals(1, node.get("/api/v1/workers").items().size());
    }
  }

  private static void failing(NodeUnderTest node, @Nullable StoreException failure, int status, String reason) {
    node.bean(SwitchableStore.class).failWrites(failure);
    NodeUnderTest.Answer answer = node.post("/api/v1/workers", "{}");
    refused(status, reason, answer);
    assertFalse(answer.body().contains("secret"), answer.body());
    assertTrue(answer.header("X-Request-Id") != null);
  }

  @Test
  @DisplayName("What nobody expected is internal, without content or place")
  void unexpected() {
    try (var node = NodeUnderTest.started()) {
      node.bean(SwitchableStore.class).breakWrites(new IllegalStateException("secret content"));
      NodeUnderTest.Answer answer = node.post("/api/v1/workers", "{}");
      refused(500, "internal", answer);
      assertFalse(answer.body().contains("secret") || answer.body().contains("IllegalState"), answer.body());
    }
  }
}
