package dev.holdfast.http.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerRoutesTest {
  private static final String QUIET = "{\"execution\":\"external\"}";
  private final NodeUnderTest node = NodeUnderTest.started();

  @AfterEach
  void close() {
    node.close();
  }

  private String worker() {
    return node.post("/api/v1/workers", QUIET).text("worker_id");
  }

  private static String inputs(String worker) {
    return "/api/v1/workers/" + worker + "/inputs";
  }

  @Test
  @DisplayName("A-A15 A create is replayed after the runtime was stopped, and says that it is a replay")
  void replayAfterStop() {
    NodeUnderTest.Answer first = node.post("/api/v1/workers", QUIET, "Idempotency-Key", "create-1");
    assertNull(first.header("Idempotency-Replayed"));
    assertEquals(200, node.post("/api/v1/runtime/stop", "{}").status());
    assertEquals("runtime_stopped", node.post("/api/v1/workers", QUIET).text("reason"));
    NodeUnderTest.Answer again = node.post("/api/v1/workers", QUIET, "Idempotency-Key", "create-1");
    assertEquals(200, again.status());
    assertEquals("true", again.header("Idempotency-Replayed"));
    assertEquals(first.text("worker_id"), again.text("worker_id"));
  }

  @Test
  @DisplayName("A-A16 Another payload under a key is a conflict that names the object; another order of members is a replay")
  void conflict() {
    NodeUnderTest.Answer created = node.post("/api/v1/workers",
        "{\"execution\":\"external\",\"intent\":{\"kind\":\"task\",\"objective\":\"o\"}}", "Idempotency-Key", "k");
    NodeUnderTest.Answer reordered = node.post("/api/v1/workers",
        " {\"intent\":{\"objective\":\"o\", \"kind\":\"task\"}, \"execution\":\"external\", \"model\":null}",
        "Idempotency-Key", "k");
    assertEquals("true", reordered.header("Idempotency-Replayed"));
    NodeUnderTest.Answer other = node.post("/api/v1/workers", "{}", "Idempotency-Key", "k");
    assertEquals(409, other.status());
    assertEquals("idempotency_conflict", other.text("reason"));
    assertEquals(created.text("worker_id"), other.text("existing_worker_id"));

    String inputs = inputs(created.text("worker_id"));
    NodeUnderTest.Answer sent = node.post(inputs, "{\"content\":\"a\",\"kind\":\"user\"}", "Idempotency-Key", "i");
    NodeUnderTest.Answer resent = node.post(inputs, "{\"kind\":\"user\",\"content\":\"a\"}", "Idempotency-Key", "i");
    assertEquals("true", resent.header("Idempotency-Replayed"));
    assertEquals(sent.text("input_id"), resent.text("input_id"));
    NodeUnderTest.Answer changed = node.post(inputs, "{\"content\":\"b\"}", "Idempotency-Key", "i");
    assertEquals("source_key_conflict", changed.text("reason"));
    assertEquals(sent.text("input_id"), changed.text("existing_input_id"));
  }

  @ParameterizedTest(name = "key [{0}]")
  @CsvSource({"''", "a b", "ä"})
  @DisplayName("An idempotency key that is none is refused")
  void wrongKey(String key) {
    String request = "POST /api/v1/workers HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + node.adminKey() + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + key
        + "\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}";
    String answer = node.raw(request);
    assertTrue(answer.startsWith("HTTP/1.1 400") && answer.contains("Idempotency-Key"), answer);
  }

  @Test
  @DisplayName("W-A25 Blank, oversize and unknown parts of a request have their reasons and name the field")
  void wrongParts() {
    String worker = worker();
    refused(400, "invalid_request", "intent.objective",
        node.post("/api/v1/workers", "{\"intent\":{\"kind\":\"task\",\"objective\":\" \"}}"));
    refused(400, "invalid_request", "requested_capabilities[0].name",
        node.post("/api/v1/workers", "{\"requested_capabilities\":[{\"name\":\"\"}]}"));
    refused(400, "unknown_field", "requested_capabilities[0].nmae",
        node.post("/api/v1/workers", "{\"requested_capabilities\":[{\"name\":\"x\",\"nmae\":\"y\"}]}"));
    refused(400, "invalid_request", "content", node.post(inputs(worker), "{\"content\":\"\\n \"}"));
    refused(400, "invalid_request", "content", node.post(inputs(worker), "{\"kind\":\"user\"}"));
    refused(400, "invalid_request", "kind", node.post(inputs(worker), "{\"content\":\"a\",\"kind\":\"robot\"}"));
    refused(400, "invalid_request", "options", node.post(inputs(worker), "{\"content\":\"a\",\"options\":[]}"));
    refused(400, "unknown_field", "text", node.post(inputs(worker), "{\"content\":\"a\",\"text\":\"b\"}"));
    assertEquals("a text, which must not be left out", node.post(inputs(worker), "{}").text("expected"));
    assertEquals("one of user, system",
        node.post(inputs(worker), "{\"content\":\"a\",\"kind\":\"robot\"}").text("expected"));
    assertEquals("no other members than kind, content, options, ingress",
        node.post(inputs(worker), "{\"content\":\"a\",\"text\":\"b\"}").text("expected"));
    NodeUnderTest.Answer large =
        node.post(inputs(worker), Json.object("content", "ä".repeat((1 << 19) + 1)).text());
    assertEquals(413, large.status());
    assertEquals("input_too_large", large.text("reason"));
    assertEquals(1L << 20, large.member("max"));
    assertEquals(0L, node.get("/api/v1/workers/" + worker + "/transcript").member("total_items"));
  }

  private static void refused(int status, String reason, String field, NodeUnderTest.Answer answer) {
    assertEquals(status, answer.status(), answer.body());
    assertEquals(reason, answer.text("reason"));
    assertEquals(field, answer.text("field"));
  }

  @Test
  @DisplayName("W-A30 Unknown ids, bad queries, other runtimes and missing keys have their reasons; success is 200")
  void reasons() {
    String worker = worker();
    Map<String, String> wrong = new TreeMap<>(Map.of(
        "/api/v1/workers/worker-0000ffff", "404 worker_not_found",
        "/api/v1/workers/somebody", "400 invalid_worker_id",
        "/api/v1/workers/" + worker + "?runtime_id=rt-other", "400 wrong_runtime",
        "/api/v1/workers?limit=257", "400 limit_too_large",
        "/api/v1/workers?limit=many", "400 invalid_query",
        "/api/v1/workers/" + worker + "/transcript?limit=257", "400 limit_too_large",
        "/api/v1/workers/worker-0000ffff/transcript?limit=257", "400 limit_too_large",
        "/api/v1/workers/" + worker + "/inputs/in-00000000000000ff", "404 input_not_found",
        "/api/v1/workers/" + worker + "/inputs/x", "404 input_not_found",
        "/api/v1/turns/x", "404 turn_not_found"));
    wrong.put("/api/v1/events?cursor=nonsense", "400 cursor_malformed");
    wrong.put("/api/v1/events?cursor=rt-other:1", "400 wrong_runtime_cursor");
    wrong.put("/api/v1/events?limit=257", "400 limit_too_large");
    wrong.put("/api/v1/events?runtime_id=rt-other", "400 wrong_runtime");
    wrong.put("/api/v1/events/stream?cursor=rt-other:1", "400 wrong_runtime_cursor");
    wrong.put("/api/v1/events/cursor?at=noon", "400 invalid_query");
    wrong.put("/api/v1/workers/" + worker + "/inputs?state=lost", "400 invalid_query");
    wrong.put("/api/v1/diagnostics?severity=loud", "400 invalid_query");
    wrong.forEach((path, expected) -> {
      NodeUnderTest.Answer answer = node.get(path);
      assertEquals(expected, answer.status() + " " + answer.text("reason"), path);
    });
    assertEquals("missing_key", node.sendAs(null, "GET", "/api/v1/workers", null).text("reason"));
    for (String path : List.of("", "/" + worker, "/" + worker + "/transcript", "/" + worker + "/inputs",
        "/" + worker + "/turns")) {
      assertEquals(200, node.get("/api/v1/workers" + path).status(), path);
    }
    assertEquals(200, node.get("/api/v1/sessions/" + worker).status());
    assertEquals(200, node.post("/api/v1/workers/" + worker + "/stop", "").status());
    assertEquals("worker_not_running", node.post(inputs(worker), "{\"content\":\"a\"}").text("reason"));
  }

  @Test
  @DisplayName("A-A14 A foreign worker and an unknown one answer alike on every route that names one")
  void invisible() {
    String foreign = worker();
    String input = node.post(inputs(foreign), "{\"content\":\"secret\"}").text("input_id");
    String key = node.key(Role.CONSUMER, "somebody", true);
    List<String> different = new ArrayList<>();
    for (String route : List.of("GET ", "GET /transcript", "GET /inputs", "GET /inputs/" + input, "GET /turns",
        "POST /stop", "POST /cancel", "POST /inputs")) {
      String method = route.substring(0, route.indexOf(' '));
      String rest = route.substring(route.indexOf(' ') + 1);
      @Nullable String body = method.equals("POST") ? rest.equals("/inputs") ? "{\"content\":\"a\"}" : "{}" : null;
      var answers = List.of(foreign, "worker-0000ffff").stream()
          .map(id -> node.sendAs(key, method, "/api/v1/workers/" + id + rest, body)).toList();
      if (!alike(answers.getFirst(), answers.getLast())) {
        different.add(route);
      }
    }
    if (!alike(node.sendAs(key, "GET", "/api/v1/sessions/" + foreign, null),
        node.sendAs(key, "GET", "/api/v1/sessions/worker-0000ffff", null))) {
      different.add("sessions");
    }
    assertEquals(List.of(), different);
    assertEquals(List.of(), node.sendAs(key, "GET", "/api/v1/workers", null).items());
  }

  private static boolean alike(NodeUnderTest.Answer one, NodeUnderTest.Answer other) {
    Map<String, @Nullable Object> first = one.json().members();
    Map<String, @Nullable Object> second = other.json().members();
    first.remove("instance");
    second.remove("instance");
    return one.status() == 404 && other.status() == 404 && first.equals(second);
  }

  @Test
  @DisplayName("A-A22 Without the content flag an observer sees inputs without their content, and no transcript")
  void withoutContent() {
    String worker = worker();
    node.post(inputs(worker), "{\"content\":\"secret\",\"options\":{\"temperature\":0}}");
    String key = node.key(Role.OBSERVER, "default", false);
    NodeUnderTest.Answer seen = node.sendAs(key, "GET", inputs(worker), null);
    assertEquals(200, seen.status());
    assertFalse(seen.body().contains("secret") || seen.body().contains("temperature"), seen.body());
    assertEquals("content_not_allowed",
        node.sendAs(key, "GET", "/api/v1/workers/" + worker + "/transcript", null).text("reason"));
  }

  @Test
  @DisplayName("Lists are paged by an opaque cursor")
  void pages() {
    List<Object> created = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      created.add(worker());
    }
    List<Object> seen = new ArrayList<>();
    String next = "/api/v1/workers?limit=2";
    int pages = 0;
    while (next != null) {
      NodeUnderTest.Answer page = node.get(next);
      page.items().forEach(item -> seen.add(String.valueOf(item.get("worker_id"))));
      Object after = page.member("next");
      next = after == null ? null : "/api/v1/workers?limit=2&after=" + after;
      pages++;
    }
    assertEquals(created, seen);
    assertEquals(3, pages);
    assertEquals(5, node.get("/api/v1/workers?status=running").items().size());
    assertEquals(0, node.get("/api/v1/workers?status=stopped").items().size());
  }
}
