package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KeyCheckTest {
  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.failed-checks", 1_000_000));

  @AfterAll
  void close() {
    node.close();
  }

  private static List<Route> keyed() {
    return Routes.list().stream().filter(route -> !route.isAnonymous()).toList();
  }

  private NodeUnderTest.Answer call(Route route, @Nullable String key) {
    String path = route.template().replaceAll("\\{[a-z_]+}", "nobody");
    return node.sendAs(key, route.method(), path, route.request() == null ? null : "{}");
  }

  private static String reason(NodeUnderTest.Answer answer) {
    Object error = answer.member("error");
    return error instanceof Map<?, ?> openAi ? String.valueOf(openAi.get("code")) : answer.text("reason");
  }

  @Test
  @DisplayName("A-A1 Each wrong key has its reason, on every route, whatever the role")
  void wrongKeys() {
    String good = node.adminKey();
    Map<String, String> wrong = new TreeMap<>(Map.of(
        "not-a-key", "invalid_key",
        good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0"), "invalid_key",
        new PresentedKey("0123456789abcdef", "ab".repeat(32)).text(), "invalid_key",
        new PresentedKey(good.substring(4, 20), "ab".repeat(32)).text(), "invalid_key",
        node.key(Role.ADMIN, Key.DEFAULT_SUBJECT, true, Instant.EPOCH, null), "key_expired",
        node.key(Role.ADMIN, Key.DEFAULT_SUBJECT, true, null, Instant.EPOCH), "key_revoked"));
    for (Route route : keyed()) {
      wrong.forEach((key, reason) -> {
        NodeUnderTest.Answer answer = call(route, key);
        assertEquals(401, answer.status(), route.name());
        assertEquals(reason, reason(answer), route.name());
      });
      assertEquals("missing_key", reason(call(route, null)), route.name());
    }
  }

  private static final List<String> PUBLISHERS = List.of("GET /api/v1/whoami", "GET /openapi.json", "GET /api/v1/keys",
      "GET /api/v1/keys/{key_id}", "POST /api/v1/keys/{key_id}/revoke");

  /** Spec access §3 and the role columns of the other files, written down a second time. */
  private static final Map<Role, List<String>> REFUSED = Map.of(
      Role.ADMIN, List.of(),
      Role.OPERATOR, List.of("POST /api/v1/providers", "DELETE /api/v1/providers/{name}", "PUT /api/v1/models/default",
          "GET /v1/models", "GET /v1/models/{id}", "POST /v1/chat/completions", "POST /api/v1/keys",
          "POST /api/v1/keys/{key_id}/rotate", "DELETE /api/v1/keys/{key_id}"),
      Role.OBSERVER,
      List.of("POST /api/v1/keys", "POST /api/v1/keys/{key_id}/rotate", "DELETE /api/v1/keys/{key_id}",
          "GET /api/v1/audit", "GET /api/v1/audit/head", "GET /api/v1/audit/verify", "POST /api/v1/providers",
          "DELETE /api/v1/providers/{name}",
          "PUT /api/v1/models/default", "GET /v1/models", "GET /v1/models/{id}", "POST /v1/chat/completions",
          "POST /api/v1/runtime/stop", "POST /api/v1/runtime/start", "POST /api/v1/workers",
          "POST /api/v1/workers/{id}/inputs", "POST /api/v1/workers/{id}/stop", "POST /api/v1/workers/{id}/cancel"),
      Role.CONSUMER,
      List.of("POST /api/v1/keys", "POST /api/v1/keys/{key_id}/rotate", "DELETE /api/v1/keys/{key_id}",
          "GET /api/v1/audit", "GET /api/v1/audit/head", "GET /api/v1/audit/verify", "POST /api/v1/providers",
          "DELETE /api/v1/providers/{name}",
          "PUT /api/v1/models/default", "GET /api/v1/providers", "POST /api/v1/runtime/stop",
          "POST /api/v1/runtime/start", "GET /api/v1/diagnostics", "GET /metrics"),
      Role.EXECUTOR,
      List.of("POST /api/v1/keys", "POST /api/v1/keys/{key_id}/rotate", "DELETE /api/v1/keys/{key_id}",
          "GET /api/v1/audit", "GET /api/v1/audit/head", "GET /api/v1/audit/verify", "POST /api/v1/providers",
          "DELETE /api/v1/providers/{name}",
          "PUT /api/v1/models/default", "GET /api/v1/providers", "POST /api/v1/runtime/stop",
          "POST /api/v1/runtime/start", "GET /api/v1/diagnostics", "GET /metrics", "POST /api/v1/workers",
          "POST /api/v1/workers/{id}/inputs", "POST /api/v1/workers/{id}/stop", "POST /api/v1/workers/{id}/cancel"));

  @ParameterizedTest
  @EnumSource(Role.class)
  @DisplayName("A-A1 A role may call exactly the routes that the table of roles gives it")
  void roles(Role role) {
    String key = node.key(role, "somebody", true);
    List<String> refused = new ArrayList<>();
    for (Route route : keyed()) {
      if (route.nature() == Route.Nature.STREAM) {
        continue;
      }
      NodeUnderTest.Answer answer = call(route, key);
      if (answer.status() == 403) {
        assertEquals("role_not_allowed", reason(answer), route.name());
        refused.add(route.name());
      }
    }
    List<String> expected = role == Role.PUBLISHER
        ? keyed().stream().filter(r -> r.nature() != Route.Nature.STREAM).map(Route::name)
            .filter(name -> !PUBLISHERS.contains(name)).toList()
        : REFUSED.getOrDefault(role, List.of());
    assertEquals(expected.stream().sorted().toList(), refused.stream().sorted().toList());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"x-api-key: KEY", "Cookie: key=KEY", "Authorization: Basic KEY", "Authorization: KEY",
    "Authorization: Bearer", "Authorization: Bearer KEY\r\nAuthorization: Bearer KEY", "X-Other: KEY"})
  @DisplayName("A-A4 A key anywhere but in one Authorization header is no key")
  void otherCarriers(String header) {
    String answer = node.raw("GET /api/v1/runtime?key=" + node.adminKey() + " HTTP/1.1\r\nHost: " + node.host() + "\r\n"
        + header.replace("KEY", node.adminKey()) + "\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
    assertTrue(answer.contains("missing_key"), answer);
    assertFalse(answer.contains(node.adminKey()), "the key is not told back");
  }

  @Test
  @DisplayName("A-A27 Anonymous readiness shows a status and a reason, and nothing else")
  void readiness() {
    NodeUnderTest.Answer answer = node.sendAs(null, "GET", "/health/readiness", null);
    assertEquals(Map.of("status", "ready", "reason", "store_manifest_valid"), answer.json().members());
    assertEquals(Map.of("status", "up"), node.sendAs(null, "GET", "/health/liveness", null).json().members());
  }

  @Test
  @DisplayName("Every answer has a request id of its own, and errors are not to be kept")
  void requestIds() {
    NodeUnderTest.Answer ok = node.get("/api/v1/runtime");
    NodeUnderTest.Answer wrong = node.get("/api/v1/nowhere");
    NodeUnderTest.Answer anonymous = node.sendAs(null, "GET", "/health/liveness", null);
    for (NodeUnderTest.Answer answer : List.of(ok, wrong, anonymous)) {
      assertTrue(String.valueOf(answer.header("X-Request-Id")).matches("[0-9a-f]{32}"), answer.body());
    }
    assertNotEquals(ok.header("X-Request-Id"), wrong.header("X-Request-Id"));
    assertEquals("no-store", wrong.header("Cache-Control"));
    assertEquals("urn:holdfast:request:" + wrong.header("X-Request-Id"), wrong.text("instance"));
    assertEquals("urn:holdfast:problem:route_not_found", wrong.text("type"));
    assertEquals("application/problem+json", wrong.header("Content-Type"));
  }
}
