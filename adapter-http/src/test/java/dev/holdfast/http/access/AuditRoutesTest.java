package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the audit says of each route's calls; the routes are those that a running node documents. */
class AuditRoutesTest {
  private static final String SESSION = "POST /api/v1/sessions/{id}";
  /** They come again and again and leave rows of their own (spec A-90). */
  private static final Set<String> REPEATING = Set.of("POST /v1/chat/completions",
      "POST /v1/completions", "POST /v1/embeddings", "POST /v1/responses", "POST /api/v1/publishers/heartbeat",
      "POST /api/v1/publishers/tasks/{id}/ack", "POST /api/v1/publishers/tasks/{id}/result",
      "POST /api/v1/publishers/tasks/{id}/chunks",
      "POST /api/v1/turns/{id}/output",
      SESSION + "/lease/renew", SESSION + "/next-work", SESSION + "/checkpoint-claims", SESSION + "/abandon",
      SESSION + "/commits", SESSION + "/cancel-ack");
  /** What an id in a path names where it isn't a worker. */
  private static final Map<String, String> OF_OTHERS = Map.of("/turns/", "{turn}", "/publishers/", "{publisher_id}",
      "/inference-tasks/", "{task_id}");
  private static final String EXTERNAL = "{\"execution\":\"external\"}";
  private static final String OWNER = "\"owner_id\":\"{admin}:x\",\"incarnation_id\":\"1\"";

  /** A body with which each route does its work, in an order in which all can. */
  private static final List<String> DONE = List.of(
      "POST /api/v1/workers {}",
      SESSION + "/lease/reclaim {" + OWNER + ",\"observed\":{" + OWNER + ",\"generation\":1}}",
      SESSION + "/lease {" + OWNER + "}",
      SESSION + "/lease/release {\"fence\":{\"session_id\":\"{id}\"," + OWNER
          + ",\"lease_token\":\"t\",\"generation\":1}}",
      "POST /api/v1/workers/{id}/inputs {\"content\":\"hi\"}",
      "POST /api/v1/workers/{id}/wakes {\"origin\":\"o\",\"origin_sequence\":1,\"text\":\"t\"}",
      "POST /api/v1/workers/{id}/commands {\"kind\":\"reset_session\"}",
      "DELETE /api/v1/workers/{id}/queue/{batch_id} ",
      "POST /api/v1/workers/{id}/inputs/{input_id}/cancel {}",
      "POST /api/v1/workers/{id}/inputs/cancel {\"targets\":[{\"source_key\":\"k\"}]}",
      "POST /api/v1/turns/{id}/cancel {}",
      "POST /api/v1/workers/{id}/stop {}",
      "POST /api/v1/workers/{id}/cancel {}",
      "POST /api/v1/providers {\"name\":\"local\",\"url\":\"http://127.0.0.1:1/v1\",\"backend_model\":\"m\"}",
      "PUT /api/v1/models/default {\"name\":\"scripted\"}",
      "PATCH /api/v1/providers/{name} {\"enabled\":false}",
      "POST /api/v1/providers/{name} {\"visibility\":\"private\"}",
      "DELETE /api/v1/providers/{name} ",
      "POST /api/v1/publishers/register {\"providers\":[{\"name\":\"local\",\"backend_model\":\"m\"}]}",
      "POST /api/v1/providers/{name}/transfer {\"to_subject\":\"somebody\"}",
      "POST /v1/responses/{response_id}/cancel {}",
      "DELETE /v1/responses/{response_id} ",
      "POST /api/v1/inference-tasks {\"model\":\"scripted\",\"request\":{\"messages\":[]}}",
      "DELETE /api/v1/inference-tasks/{id} ",
      "POST /api/v1/publishers/{id}/rotate {}",
      "DELETE /api/v1/publishers/{id} ",
      "POST /api/v1/keys {\"role\":\"observer\",\"label\":\"l\"}",
      "POST /api/v1/keys/{key_id}/rotate {}",
      "POST /api/v1/keys/{key_id}/revoke {}",
      "DELETE /api/v1/keys/{key_id} ",
      "POST /api/v1/store/backup {\"label\":\"l\"}",
      "POST /api/v1/store/recover {\"apply\":true}",
      "POST /api/v1/store/prune {\"events_before\":\"2020-01-01T00:00:00.000Z\",\"dry_run\":false}",
      "POST /api/v1/runtime/stop {}",
      "POST /api/v1/runtime/start {}");

  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.failed-checks", 1_000_000));
  private final Map<String, String> actions =
      Routes.list().stream().collect(Collectors.toMap(Route::name, Route::action));
  private final Map<String, String> names = new HashMap<>(Map.of("name", "local"));
  private final String observer = node.key(Role.OBSERVER, "somebody", false);
  private long seen;

  @AfterEach
  void close() {
    node.close();
  }

  private List<Documented> changing() {
    return Documented.of(node).stream()
        .filter(route -> !route.method().equals("GET") && !REPEATING.contains(route.name())).toList();
  }

  private static String id(String key) {
    return key.substring(4, 20);
  }

  /** The records since the last look. */
  private List<Map<String, @Nullable Object>> fresh() {
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    while (true) {
      List<Map<String, @Nullable Object>> page = node.get("/api/v1/audit?limit=256&after=" + seen).items();
      if (page.isEmpty()) {
        return found;
      }
      found.addAll(page);
      seen = (Long) Objects.requireNonNull(page.getLast().get("seq"));
    }
  }

  private static @Nullable Object reason(NodeUnderTest.Answer answer) {
    return answer.member("error") instanceof Map<?, ?> error ? error.get("code") : answer.member("reason");
  }

  /** There is one record of the call, and it tells what the caller was told. */
  private Map<String, @Nullable Object> assertTold(String route, NodeUnderTest.Answer answer, @Nullable String key) {
    List<Map<String, @Nullable Object>> records = fresh();
    assertEquals(1, records.size(), route + " " + records);
    Map<String, @Nullable Object> entry = records.getFirst();
    assertEquals(actions.get(route), entry.get("action"), route);
    assertEquals((long) answer.status(), entry.get("status"), route);
    assertEquals(reason(answer), entry.get("reason"), route);
    assertEquals(answer.header("X-Request-Id"), entry.get("request_id"), route);
    assertEquals(key == null ? null : id(key), entry.get("key_id"), route);
    boolean admin = key != null && key.equals(node.adminKey());
    assertEquals(key == null ? null : admin ? Key.DEFAULT_SUBJECT : "somebody", entry.get("subject"), route);
    assertEquals(key == null ? null : admin ? "admin" : "observer", entry.get("role"), route);
    return entry;
  }

  /** A turn that this test's executor runs for ever. */
  private String openTurn() {
    String worker = node.post("/api/v1/workers", EXTERNAL).text("worker_id");
    node.post("/api/v1/workers/" + worker + "/inputs", "{\"content\":\"hi\"}");
    String session = "/api/v1/sessions/" + worker;
    Object fence = node.post(session + "/lease",
        "{\"owner_id\":\"" + id(node.adminKey()) + ":x\",\"incarnation_id\":\"1\"}").member("fence");
    Object turn = node.post(session + "/next-work", Json.object("fence", fence).text()).member("turn");
    return String.valueOf(Json.of(turn).members().get("turn_id"));
  }

  private String path(String template) {
    String path = template;
    for (Map.Entry<String, String> noun : OF_OTHERS.entrySet()) {
      path = template.contains(noun.getKey()) ? template.replace("{id}", noun.getValue()) : path;
    }
    for (Map.Entry<String, String> name : names.entrySet()) {
      path = path.replace("{" + name.getKey() + "}", name.getValue());
    }
    return path;
  }

  @Test
  @DisplayName("A-A21 Every route that changes something leaves exactly one record of what it did, and a replay one as well")
  void done() {
    names.put("id", node.post("/api/v1/workers", EXTERNAL).text("worker_id"));
    names.put("turn", openTurn());
    names.put("response_id", node.post("/v1/responses",
        "{\"model\":\"scripted\",\"input\":\"hi\",\"scripted\":{\"delay_ms\":0}}").text("id"));
    names.put("admin", id(node.adminKey()));
    names.put("key_id", id(node.key(Role.OBSERVER, "x", false)));
    assertEquals(changing().stream().map(Documented::name).sorted().toList(),
        DONE.stream().map(line -> line.split(" ", 3)).map(words -> words[0] + " " + words[1]).sorted().toList(),
        "each documented route has its line");
    fresh();
    for (String line : DONE) {
      String[] words = line.split(" ", 3);
      String route = words[0] + " " + words[1];
      NodeUnderTest.Answer answer =
          node.send(words[0], path(words[1]), words[2].isEmpty() ? null : path(words[2]));
      for (String made : List.of("input_id", "batch_id", "publisher_id", "task_id")) {
        if (answer.member(made) instanceof String id) {
          names.put(made, id);
        }
      }
      assertTrue(answer.status() < 300 || route.endsWith("/cancel"), route + answer.body());
      Map<String, @Nullable Object> entry = assertTold(route, answer, node.adminKey());
      assertTrue(entry.containsKey("target") || route.contains("/runtime/"), route + entry);
      assertFalse(entry.containsKey("count"), route);
    }
    for (String create : List.of("/api/v1/workers {}", "/api/v1/workers/ID/inputs {\"content\":\"hi\"}")) {
      String[] words = create.split(" ", 2);
      String worker = node.post("/api/v1/workers", "{\"execution\":\"external\"}").text("worker_id");
      fresh();
      String route = "POST " + words[0].replace("ID", "{id}");
      for (int i = 0; i < 3; i++) {
        NodeUnderTest.Answer answer =
            node.post(words[0].replace("ID", worker), words[1], "Idempotency-Key", "once");
        assertEquals(i == 0 ? null : "true", answer.header("Idempotency-Replayed"));
        assertTold(route, answer, node.adminKey());
      }
    }
    assertEquals(node.get("/api/v1/audit/head").member("seq"),
        node.get("/api/v1/audit/verify").member("verified_to"));
  }

  @Test
  @DisplayName("A-A21 Every call of such a route that is refused, wherever on its way, leaves exactly one record as well")
  void refused() {
    int calls = 0;
    for (Documented route : changing()) {
      String path = route.target();
      fresh();
      assertTold(route.name(), node.sendAs(null, route.method(), path, null), null);
      assertTold(route.name(), node.sendAs("not-a-key", route.method(), path, null), null);
      assertTold(route.name(), node.sendAs(observer, route.method(), path, route.takesBody() ? "{}" : null), observer);
      List<NodeUnderTest.Answer> wrong = new ArrayList<>();
      if (route.takesBody()) {
        for (String body : List.of("{", "[]", "{\"no_such_member\":1}")) {
          wrong.add(node.send(route.method(), path, body));
          assertTold(route.name(), wrong.getLast(), node.adminKey());
        }
      }
      wrong.add(node.send(route.method(), path + "?no_such_parameter=1", route.takesBody() ? "{}" : null));
      assertTold(route.name(), wrong.getLast(), node.adminKey());
      wrong.forEach(answer -> assertTrue(answer.status() >= 400 && answer.status() < 500, route + answer.body()));
      calls += 3 + wrong.size();
      passAMinute();
    }
    assertTrue(calls > 60, "more than the flood rule tells one by one, so every route was really looked at");
  }

  /** So that the flood rule, which has a test of its own, counts nothing here. */
  private void passAMinute() {
    node.bean(TestTime.class).pass(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("A-90 A read leaves no record when it is answered, and one when its caller may not read")
  void reads() {
    for (Documented route : Documented.of(node)) {
      if (!route.method().equals("GET") || !route.keyed()) {
        continue;
      }
      fresh();
      if (!route.path().endsWith("/stream")) {
        node.get(route.target());
        assertEquals(List.of(), fresh(), route.name());
      }
      assertTold(route.name(), node.sendAs(null, "GET", route.target(), null), null);
      passAMinute();
    }
  }

  @Test
  @DisplayName("A-6 The caller's own name of a request is in its record where it has the form that is kept, and nowhere else")
  void clientRequestId() {
    node.post("/api/v1/workers", "{}", "X-Request-Id", "mine-1");
    node.post("/api/v1/workers", "{}", "X-Request-Id", "not mine");
    List<Map<String, @Nullable Object>> records = fresh();
    assertEquals("mine-1", records.getFirst().get("client_request_id"));
    assertFalse(records.getLast().containsKey("client_request_id"));
  }

  @Test
  @DisplayName("A-93 The check of a page says how far it came and where to go on, and finds a head that was never there")
  void verify() {
    assertEquals(0L, node.get("/api/v1/audit/verify").member("verified_to"));
    node.post("/api/v1/workers", "{}");
    NodeUnderTest.Answer head = node.get("/api/v1/audit/head");
    NodeUnderTest.Answer first = node.get("/api/v1/audit/verify");
    assertEquals("1 1", first.member("verified_to") + " " + first.member("next"));
    String noted = "&head=" + head.member("seq") + ":" + head.text("mac");
    NodeUnderTest.Answer last = node.get("/api/v1/audit/verify?after=1" + noted);
    assertFalse(last.json().members().containsKey("next") || last.json().members().containsKey("fault"));
    NodeUnderTest.Answer cut = node.get("/api/v1/audit/verify?after=1&head=7:" + "0".repeat(64));
    assertEquals("truncated 2", cut.text("fault") + " " + cut.member("seq"));
    assertEquals("altered", node.get("/api/v1/audit/verify?head=1:" + "0".repeat(64)).text("fault"));
    for (String wrong : List.of("after=99", "after=x", "head=1", "head=1:zz")) {
      assertEquals("invalid_query", node.get("/api/v1/audit/verify?" + wrong).text("reason"), wrong);
    }
  }

  @Test
  @DisplayName("Lists of the audit are paged, and filtered by subject and action")
  void list() {
    String consumer = node.key(Role.CONSUMER, "ann", true);
    for (int i = 0; i < 3; i++) {
      node.post("/api/v1/workers", "{}");
      node.sendAs(consumer, "POST", "/api/v1/workers", "{}");
    }
    node.post("/api/v1/runtime/stop", "{}");
    NodeUnderTest.Answer page = node.get("/api/v1/audit?subject=ann&action=worker.create&limit=2");
    assertEquals(2, page.items().size());
    assertEquals(1, node.get("/api/v1/audit?subject=ann&after=" + page.text("next")).items().size());
    assertEquals(1, node.get("/api/v1/audit?action=runtime.stop").items().size());
    assertEquals(0, node.get("/api/v1/audit?subject=nobody").items().size());
  }

  @Test
  @DisplayName("A-90 A record names the key that a change was for, also where it was refused, and the ended key that somebody shows")
  void targets() {
    String old = node.key(Role.CONSUMER, "ann", true);
    node.post("/api/v1/keys/" + id(old) + "/rotate", "{}");
    node.sendAs(old, "GET", "/api/v1/whoami", null);
    node.post("/api/v1/keys/" + id(node.adminKey()) + "/revoke", "{}");
    node.post("/api/v1/keys/a-text-of-ones-own/revoke", "{}");
    List<Map<String, @Nullable Object>> records = fresh();
    assertEquals(List.of("key.rotate " + id(old) + " null", "key.whoami null key_expired",
        "key.revoke " + id(node.adminKey()) + " last_admin_key", "key.revoke null key_not_found"),
        records.stream().map(one -> one.get("action") + " " + one.get("target") + " " + one.get("reason")).toList());
    assertEquals(id(old), records.get(1).get("key_id"));
    assertFalse(records.get(1).containsKey("subject"));
  }
}
