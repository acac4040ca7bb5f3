package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
  private static final String RUNTIME = "/api/v1/runtime";
  private static final Duration MINUTE = Duration.ofSeconds(61);

  private static String wrong() {
    return new PresentedKey("0123456789abcdef", "ab".repeat(32)).text();
  }

  /** The status line and head of an answer to a request of an address. */
  private static String from(NodeUnderTest node, String address, @Nullable String key, String... headers) {
    String lines = String.join("", List.of(headers).stream().map(header -> header + "\r\n").toList());
    String host = lines.contains("Host:") ? "" : "Host: " + node.host() + "\r\n";
    return node.raw(address, ("GET " + RUNTIME + " HTTP/1.1\r\n" + host + lines + "Connection: close\r\n"
        + (key == null ? "" : "Authorization: Bearer " + key + "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(int status, String reason, String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 " + status) && answer.contains("\"reason\":\"" + reason + "\""), answer);
  }

  private static void passed(String answer) {
    assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
  }

  @Test
  @DisplayName("A-A12 60 wrong keys block their address and no other; refused hosts, origins and routes don't count")
  void failedChecks() {
    try (var node = NodeUnderTest.started()) {
      for (int i = 0; i < 70; i++) {
        refused(403, "host_not_allowed", from(node, "127.0.0.2", wrong(), "Host: evil.example"));
        refused(403, "cross_site_forbidden", from(node, "127.0.0.2", wrong(), "Origin: http://evil.example"));
      }
      for (int i = 0; i < 59; i++) {
        refused(401, i % 2 == 0 ? "invalid_key" : "missing_key",
            from(node, "127.0.0.2", i % 2 == 0 ? wrong() : null));
      }
      passed(from(node, "127.0.0.2", node.adminKey()));
      refused(401, "invalid_key", from(node, "127.0.0.2", "not even a key"));
      String blocked = from(node, "127.0.0.2", wrong());
      refused(429, "rate_limited", blocked);
      assertTrue(blocked.matches("(?s).*\r\n(?i:retry-after): (60|61)\r\n.*"), blocked);
      refused(429, "rate_limited", from(node, "127.0.0.2", node.adminKey()));
      passed(from(node, "127.0.0.3", node.adminKey()));
      node.bean(TestTime.class).pass(MINUTE);
      passed(from(node, "127.0.0.2", node.adminKey()));
    }
  }

  @Test
  @DisplayName("A-A12 (A-38) Keys that were valid once and unknown routes don't count against their address")
  void notFailedChecks() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.rates.failed-checks", 3))) {
      String expired = node.key(Role.CONSUMER, "s", true, node.bean(TestTime.class).instant(), null);
      for (int i = 0; i < 10; i++) {
        assertEquals("key_expired", node.sendAs(expired, "GET", RUNTIME, null).text("reason"));
        assertEquals(404, node.sendAs(null, "GET", "/api/v1/nowhere", null).status());
        assertEquals(405, node.sendAs(null, "DELETE", RUNTIME, null).status());
      }
      assertEquals(200, node.get(RUNTIME).status());
    }
  }

  @Test
  @DisplayName("A-A13 A rate that can't be read refuses with rate_state_unavailable, and what can't be kept isn't told")
  void unreadable() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.rates.names", 1))) {
      String key = node.key(Role.CONSUMER, "s", true);
      assertEquals(200, node.sendAs(key, "GET", RUNTIME, null).status());
      node.bean(TestTime.class).breakDown(true);
      for (String presented : List.of(key, node.adminKey(), wrong())) {
        NodeUnderTest.Answer refused = node.sendAs(presented, "GET", RUNTIME, null);
        assertEquals(429, refused.status());
        assertEquals("rate_state_unavailable", refused.text("reason"));
        assertEquals("5", refused.header("Retry-After"));
      }
      assertEquals(200, node.sendAs(null, "GET", "/health/readiness", null).status());
      node.bean(TestTime.class).breakDown(false);
      assertEquals(200, node.sendAs(key, "GET", RUNTIME, null).status());

      for (int i = 0; i < 60; i++) {
        refused(401, "invalid_key", from(node, "127.0.0.2", wrong()));
      }
      refused(429, "rate_state_unavailable", from(node, "127.0.0.3", wrong()));
      passed(from(node, "127.0.0.3", key));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, -1})
  @DisplayName("A-A26 Setting the clock by a day frees nobody and blocks nobody")
  void clock(int days) {
    try (var node = NodeUnderTest.started(Map.of("holdfast.rates.requests", 3, "holdfast.rates.failed-checks", 3))) {
      TestTime time = node.bean(TestTime.class);
      String key = node.key(Role.CONSUMER, "s", true);
      for (int i = 0; i < 3; i++) {
        assertEquals(200, node.sendAs(key, "GET", RUNTIME, null).status());
        refused(401, "invalid_key", from(node, "127.0.0.2", wrong()));
      }
      refused(401, "invalid_key", from(node, "127.0.0.3", wrong()));
      time.set(Duration.ofDays(days));
      assertEquals("rate_limited", node.sendAs(key, "GET", RUNTIME, null).text("reason"));
      refused(429, "rate_limited", from(node, "127.0.0.2", key));
      refused(401, "invalid_key", from(node, "127.0.0.3", wrong()));
      passed(from(node, "127.0.0.3", node.key(Role.CONSUMER, "s", true)));
      time.set(Duration.ZERO);
      assertEquals("rate_limited", node.sendAs(key, "GET", RUNTIME, null).text("reason"));
      time.pass(MINUTE);
      assertEquals(200, node.sendAs(key, "GET", RUNTIME, null).status());
      passed(from(node, "127.0.0.2", key));
    }
  }

  private static void left(String remaining, NodeUnderTest.Answer answer) {
    assertEquals("5", answer.header("x-ratelimit-limit-requests"));
    assertEquals(remaining, answer.header("x-ratelimit-remaining-requests"));
    assertTrue(String.valueOf(answer.header("x-ratelimit-reset-requests")).matches("6[01]s|0s"), answer.toString());
  }

  @Test
  @DisplayName("A-85 A key is told what is left of its rate; what A-40 to A-43 refuse takes nothing of it (A-44)")
  void told() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.rates.requests", 5))) {
      String key = node.key(Role.CONSUMER, "s", false);
      left("4", node.sendAs(key, "GET", RUNTIME, null));
      for (int i = 0; i < 10; i++) {
        left("4", node.sendAs(key, "POST", "/api/v1/runtime/stop", "{}"));
        left("4", node.sendAs(key, "GET", "/api/v1/workers/worker-00000001/transcript", null));
        left("4", node.sendAs(key, "POST", "/api/v1/workers", "{"));
        left("4", node.sendAs(key, "GET", "/api/v1/workers?nonsense=1", null));
        left("4", node.sendAs(key, "GET", "/api/v1/workers/worker-00009999", null));
      }
      left("3", node.sendAs(key, "POST", "/api/v1/workers", "{}"));
      left("2", node.sendAs(key, "GET", "/api/v1/workers?limit=257", null));
      left("1", node.sendAs(key, "GET", RUNTIME, null));
      left("0", node.sendAs(key, "GET", RUNTIME, null));
      NodeUnderTest.Answer refused = node.sendAs(key, "GET", RUNTIME, null);
      assertEquals("rate_limited", refused.text("reason"));
      assertEquals("key", refused.text("scope"));
      left("0", refused);
      assertTrue(String.valueOf(refused.header("Retry-After")).matches("60|61"), refused.toString());
      assertNull(node.get(RUNTIME).header("x-ratelimit-limit-requests"), "an admin's key has no limit");
    }
  }
}
