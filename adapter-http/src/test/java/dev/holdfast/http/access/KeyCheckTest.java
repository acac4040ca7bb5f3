package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern REASON = Pattern.compile("\"(?:reason|code)\":\"([a-z_]+)\"");

  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.failed-checks", 1_000_000));
  private final List<Documented> routes = Documented.of(node);

  @AfterAll
  void close() {
    node.close();
  }

  /**
   * Spec access §3 and the role columns of the other files, written down a second time. Whoever adds a route adds it here,
   * by the spec. A star: the key must allow content.
   */
  private static final String TABLE = """
      GET    /health/liveness                        | anyone
      GET    /health/readiness                       | anyone
      GET    /metrics                                | admin operator observer
      GET    /openapi.json                           | admin operator consumer publisher executor observer
      GET    /api/v1/whoami                          | admin operator consumer publisher executor observer
      GET    /api/v1/keys                            | admin operator consumer publisher executor observer
      POST   /api/v1/keys                            | admin
      GET    /api/v1/keys/{key_id}                   | admin operator consumer publisher executor observer
      DELETE /api/v1/keys/{key_id}                   | admin
      POST   /api/v1/keys/{key_id}/revoke            | admin operator consumer publisher executor observer
      POST   /api/v1/keys/{key_id}/rotate            | admin
      GET    /api/v1/audit                           | admin operator
      GET    /api/v1/audit/head                      | admin operator
      GET    /api/v1/audit/verify                    | admin operator
      GET    /api/v1/store                           | admin operator observer
      GET    /api/v1/store/doctor                    | admin operator observer
      POST   /api/v1/store/recover                   | admin operator
      POST   /api/v1/store/backup                    | admin operator
      GET    /api/v1/runtime                         | admin operator consumer executor observer
      POST   /api/v1/runtime/stop                    | admin operator
      POST   /api/v1/runtime/start                   | admin operator
      POST   /api/v1/store/prune                     | admin operator
      GET    /api/v1/diagnostics                     | admin operator observer
      GET    /api/v1/events                          | admin operator consumer executor observer
      GET    /api/v1/events/cursor                   | admin operator consumer executor observer
      GET    /api/v1/events/stream                   | admin operator consumer executor observer
      GET    /api/v1/workers                         | admin operator consumer executor observer
      POST   /api/v1/workers                         | admin operator consumer
      GET    /api/v1/workers/{id}                    | admin operator consumer executor observer
      POST   /api/v1/workers/{id}/stop               | admin operator consumer
      POST   /api/v1/workers/{id}/cancel             | admin operator consumer
      GET    /api/v1/workers/{id}/transcript         | admin operator consumer executor observer *
      POST   /api/v1/workers/{id}/inputs             | admin operator consumer
      GET    /api/v1/workers/{id}/inputs             | admin operator consumer executor observer
      GET    /api/v1/workers/{id}/inputs/{input_id}  | admin operator consumer executor observer
      POST   /api/v1/workers/{id}/inputs/{input_id}/cancel | admin operator consumer
      POST   /api/v1/workers/{id}/inputs/cancel      | admin operator consumer
      POST   /api/v1/workers/{id}/wakes              | admin operator consumer
      POST   /api/v1/workers/{id}/commands           | admin operator consumer
      GET    /api/v1/workers/{id}/queue              | admin operator consumer executor observer
      DELETE /api/v1/workers/{id}/queue/{batch_id}   | admin operator consumer
      POST   /api/v1/turns/{id}/cancel               | admin operator consumer
      GET    /api/v1/workers/{id}/turns              | admin operator consumer executor observer
      GET    /api/v1/turns/{id}                      | admin operator consumer executor observer
      GET    /api/v1/turns/{id}/output               | admin operator consumer executor observer *
      GET    /api/v1/sessions/{id}                   | admin operator consumer executor observer
      GET    /api/v1/executor/work                   | admin executor *
      POST   /api/v1/sessions/{id}/lease             | admin executor *
      POST   /api/v1/sessions/{id}/lease/reclaim     | admin executor *
      POST   /api/v1/sessions/{id}/lease/renew       | admin executor
      POST   /api/v1/sessions/{id}/lease/release     | admin executor
      POST   /api/v1/sessions/{id}/next-work         | admin executor *
      POST   /api/v1/sessions/{id}/checkpoint-claims | admin executor *
      POST   /api/v1/sessions/{id}/abandon           | admin executor
      GET    /api/v1/sessions/{id}/context           | admin executor *
      POST   /api/v1/sessions/{id}/commits           | admin executor
      POST   /api/v1/sessions/{id}/cancel-ack        | admin executor
      POST   /api/v1/turns/{id}/output               | admin executor
      GET    /api/v1/models                          | admin operator consumer executor observer publisher
      GET    /api/v1/models/{name}                   | admin operator consumer executor observer publisher
      GET    /api/v1/models/{name}/providers         | admin operator consumer executor observer publisher
      PUT    /api/v1/models/default                  | admin
      GET    /api/v1/providers                       | admin operator observer
      POST   /api/v1/providers                       | admin
      DELETE /api/v1/providers/{name}                | admin publisher
      PATCH  /api/v1/providers/{name}                | admin operator
      POST   /api/v1/providers/{name}                | admin operator
      POST   /api/v1/providers/{name}/transfer       | admin
      POST   /api/v1/publishers/register             | admin publisher
      GET    /api/v1/publishers/link                 | admin publisher
      POST   /api/v1/publishers/heartbeat            | admin publisher
      POST   /api/v1/publishers/tasks/{id}/ack       | admin publisher
      POST   /api/v1/publishers/tasks/{id}/result    | admin publisher
      POST   /api/v1/publishers/tasks/{id}/chunks    | admin publisher
      GET    /api/v1/publishers                      | admin operator publisher
      GET    /api/v1/publishers/{id}                 | admin operator publisher
      POST   /api/v1/publishers/{id}/rotate          | admin publisher
      DELETE /api/v1/publishers/{id}                 | admin operator publisher
      POST   /api/v1/inference-tasks                 | admin consumer executor
      GET    /api/v1/inference-tasks                 | admin consumer executor
      GET    /api/v1/inference-tasks/{id}            | admin consumer executor
      DELETE /api/v1/inference-tasks/{id}            | admin consumer executor
      GET    /api/v1/inference-tasks/{id}/stream     | admin consumer executor
      GET    /api/v1/usage                           | admin operator consumer publisher executor observer
      POST   /v1/completions                         | admin consumer executor
      POST   /v1/embeddings                          | admin consumer executor
      POST   /v1/responses                           | admin consumer executor
      GET    /v1/responses/{response_id}             | admin consumer executor *
      GET    /v1/responses/{response_id}/input_items | admin consumer executor *
      POST   /v1/responses/{response_id}/cancel      | admin consumer executor *
      DELETE /v1/responses/{response_id}             | admin consumer executor
      GET    /v1/models                              | admin consumer executor
      GET    /v1/models/{id}                         | admin consumer executor
      POST   /v1/chat/completions                    | admin consumer executor
      """;

  /** What the table says of a route. */
  private record Row(Set<String> roles, boolean content) {
    String expected(Role role, boolean mayReadContent) {
      if (!roles.contains(role.text())) {
        return "role_not_allowed";
      }
      return content && !mayReadContent ? "content_not_allowed" : "passes";
    }
  }

  private static Map<String, Row> table() {
    Map<String, Row> rows = new TreeMap<>();
    TABLE.lines().forEach(line -> {
      String[] columns = line.split("\\|");
      List<String> words = List.of(columns[1].strip().split(" "));
      rows.put(columns[0].strip().replaceAll(" +", " "), new Row(Set.copyOf(words), words.contains("*")));
    });
    return rows;
  }

  /** The reason of the refusal where it is about who calls, else that the request passes the check of keys. */
  private String found(Documented route, @Nullable String key) {
    HttpRequest.Builder request = HttpRequest.newBuilder(node.uri(route.target())).method(route.method(),
        route.takesBody() ? HttpRequest.BodyPublishers.ofString("{}") : HttpRequest.BodyPublishers.noBody());
    request.header("Content-Type", "application/json");
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpResponse<InputStream> answer = node.exchange(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      assertTrue(answer.statusCode() < 500, route.name());
      if (answer.statusCode() == 401 || answer.statusCode() == 403) {
        Matcher reason = REASON.matcher(new String(body.readAllBytes(), StandardCharsets.UTF_8));
        assertTrue(reason.find(), route.name());
        // Whoever isn't the publisher that it says to be has passed the key's check.
        return reason.group(1).equals("invalid_publisher") ? "passes" : reason.group(1);
      }
      if (answer.statusCode() >= 400) {
        body.readAllBytes();
      }
      // A stream would go on: it is closed.
      return "passes";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("A-A1 The table has exactly the routes that the node documents, and the same of them for everybody")
  void complete() {
    Map<String, Row> table = table();
    assertEquals(new ArrayList<>(table.keySet()), routes.stream().map(Documented::name).sorted().toList());
    for (Documented route : routes) {
      Row row = Objects.requireNonNull(table.get(route.name()));
      assertEquals(row.roles().equals(Set.of("anyone")), !route.keyed(), route.name());
      if (!route.keyed()) {
        assertEquals("passes", found(route, null), route.name());
        assertEquals("passes", found(route, "not-a-key"), route.name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @DisplayName("A-A1 Each route answers each role and each wrong key exactly as the table says")
  void everyRoute(Role role) {
    Map<String, Row> table = table();
    String full = node.key(role, "somebody", true);
    String blind = node.key(role, "somebody", false);
    Map<String, String> wrong = new TreeMap<>(Map.of(
        "not-a-key", "invalid_key",
        full.substring(0, full.length() - 1) + (full.endsWith("0") ? "1" : "0"), "invalid_key",
        new PresentedKey("0123456789abcdef", "ab".repeat(32)).text(), "invalid_key",
        new PresentedKey(full.substring(4, 20), "ab".repeat(32)).text(), "invalid_key",
        node.key(role, "somebody", true, Instant.EPOCH, null), "key_expired",
        node.key(role, "somebody", true, null, Instant.EPOCH), "key_revoked"));
    for (Documented route : routes) {
      if (!route.keyed()) {
        continue;
      }
      Row row = Objects.requireNonNull(table.get(route.name()));
      assertEquals("missing_key", found(route, null), route.name());
      wrong.forEach((key, reason) -> assertEquals(reason, found(route, key), route.name()));
      assertEquals(row.expected(role, true), found(route, full), route.name());
      assertEquals(row.expected(role, false), found(route, blind), route.name());
    }
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"x-api-key: KEY", "Cookie: key=KEY", "Authorization: Basic KEY", "Authorization: KEY",
    "Authorization: Bearer", "Authorization: Bearer KEY\r\nAuthorization: Bearer KEY", "X-Other: KEY"})
  @DisplayName("A-A4 A key anywhere but in one Authorization header is no key, on every route")
  void otherCarriers(String header) {
    for (Documented route : routes) {
      if (!route.keyed()) {
        continue;
      }
      String answer = node.raw(route.method() + " " + route.target() + "?key=" + node.adminKey()
          + " HTTP/1.1\r\nHost: " + node.host() + "\r\n" + header.replace("KEY", node.adminKey())
          + "\r\nConnection: close\r\n\r\n");
      assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
      assertTrue(answer.contains("missing_key"), answer);
      assertFalse(answer.contains(node.adminKey()), "the key is not told back");
    }
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
