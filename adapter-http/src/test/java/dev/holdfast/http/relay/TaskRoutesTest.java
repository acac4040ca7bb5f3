package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.relay.FakePublisher.Frame;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tasks that nobody waits for, publishers as their owners see them, and what calls used, over real HTTP. */
class TaskRoutesTest {
  private static final String TASKS = "/api/v1/inference-tasks";
  private static final String ASK = "{\"model\":\"m\",\"request\":{\"messages\":[]}}";
  private static final String STREAM = "{\"model\":\"m\",\"request\":{\"messages\":[]},\"streaming\":true}";

  private final NodeUnderTest node = NodeUnderTest.started();
  private final FakePublisher laptop = new FakePublisher(node, "laptops");

  @AfterEach
  void close() {
    laptop.cut();
    node.close();
  }

  private String state(String id) {
    return node.get(TASKS + "/" + id).text("state");
  }

  private void awaitState(String id, String state) {
    await().until(() -> state(id).equals(state));
  }

  @Test
  @DisplayName("a task is enqueued once, given to a publisher, and its answer fetched")
  void served() throws Exception {
    laptop.register("m");
    NodeUnderTest.Answer asked = node.post(TASKS, ASK, "Idempotency-Key", "k");
    assertEquals(200, asked.status(), asked.body());
    String id = asked.text("task_id");
    assertEquals("pending", asked.text("state"));
    assertEquals(1L, asked.member("queue_position"));
    assertEquals(false, asked.member("is_possible"));
    NodeUnderTest.Answer again = node.post(TASKS, ASK, "Idempotency-Key", "k");
    assertEquals(id, again.text("task_id"));
    assertEquals("true", again.header("Idempotency-Replayed"));
    assertEquals("idempotency_conflict", node.post(TASKS, STREAM, "Idempotency-Key", "k").member("reason"));
    laptop.open();
    Frame task = laptop.next();
    assertEquals(id, task.text("task_id"));
    assertEquals(200, laptop.ack(id, 1, "received").status());
    assertEquals("running", state(id));
    assertEquals(200, laptop.post(id, Json.object("epoch", 1L, "result",
        Json.object("status", 200L, "body", Json.object("said", "hello"))).text()).status());
    NodeUnderTest.Answer done = node.get(TASKS + "/" + id);
    assertEquals("completed", done.text("state"));
    assertEquals(Map.of("said", "hello"), done.member("body"));
    assertEquals(List.of(id), node.get(TASKS + "?state=completed").items().stream().map(one -> one.get("task_id"))
        .toList());
    assertEquals(List.of(), node.get(TASKS + "?state=pending").items());
    assertEquals("invalid_query", node.get(TASKS + "?state=lost").member("reason"));
  }

  @Test
  @DisplayName("a task of another subject answers as an unknown one, by every route")
  void foreign() {
    laptop.register("m");
    String id = node.post(TASKS, ASK).text("task_id");
    String other = node.key(Role.CONSUMER, "somebody", true);
    for (String path : List.of("/" + id, "/" + id + "/stream", "/task-" + "0".repeat(32))) {
      assertEquals("task_not_found", node.sendAs(other, "GET", TASKS + path, null).member("reason"), path);
    }
    assertEquals("task_not_found", node.sendAs(other, "DELETE", TASKS + "/" + id, null).member("reason"));
    assertEquals(List.of(), node.sendAs(other, "GET", TASKS, null).items());
    assertEquals("pending", state(id));
    assertEquals("model_not_found",
        node.post(TASKS, "{\"model\":\"none\",\"request\":{}}").member("reason"));
  }

  @Test
  @DisplayName("a cancel tells how far it has come")
  void cancelled() throws Exception {
    laptop.register("m");
    laptop.open();
    String id = node.post(TASKS, ASK).text("task_id");
    assertEquals("infer", laptop.next().text("kind"));
    assertEquals("cancelled", node.send("DELETE", TASKS + "/" + id, null).text("state"));
    assertEquals("cancel", laptop.next().text("kind"));
    await().until(() -> node.get(TASKS + "/" + id).member("cancel") instanceof Map<?, ?> cancel
        && Boolean.TRUE.equals(cancel.get("released")) && Boolean.FALSE.equals(cancel.get("acknowledged")));
    assertEquals(404, laptop.ack(id, 2, "cancelled").status());
    assertEquals(200, laptop.ack(id, 1, "cancelled").status());
    assertEquals(404, laptop.ack(id, 1, "cancelled").status());
    assertTrue(node.get(TASKS + "/" + id).member("cancel") instanceof Map<?, ?> cancel
        && Boolean.TRUE.equals(cancel.get("acknowledged")));
  }

  @Test
  @DisplayName("a streamed task's chunks are followed to the end, also behind a new attempt")
  void followed() throws Exception {
    laptop.register("m");
    laptop.open();
    String id = node.post(TASKS, STREAM).text("task_id");
    laptop.next();
    laptop.post(id, chunk(1, 1, "one", false));
    laptop.cut();
    await().until(() -> laptop.next().event().equals("closed"));
    awaitState(id, "pending");
    laptop.register("m");
    laptop.open();
    await().until(() -> "infer".equals(laptop.next().data().get("kind")));
    laptop.post(id, chunk(2, 1, "two", false));
    laptop.post(id, chunk(2, 2, "[DONE]", true));
    awaitState(id, "completed");
    String told = node.get(TASKS + "/" + id + "/stream").body();
    assertTrue(told.contains("id: 2.1\nevent: chunk\ndata: {\"data\":\"two\",\"epoch\":2,\"seq\":1}"), told);
    assertTrue(told.endsWith("event: end\ndata: {\"state\":\"completed\"}\n\n"), told);
    String rest = node.send("GET", TASKS + "/" + id + "/stream", null, "Last-Event-ID", "2.1").body();
    assertTrue(!rest.contains("id: 2.1") && rest.contains("id: 2.2"), rest);
    assertTrue(node.send("GET", TASKS + "/" + id + "/stream", null, "Last-Event-ID", "1.1").body()
        .contains("event: restarted"));
  }

  private static String chunk(long epoch, long seq, String data, boolean done) {
    return Json.object("epoch", epoch, "chunks", List.of(Json.object("seq", seq, "data", data, "done", done))).text();
  }

  @Test
  @DisplayName("publishers are seen by their owner and by those who look after the node; a busy one isn't removed")
  void publishers() throws Exception {
    laptop.register("m");
    laptop.open();
    String path = "/api/v1/publishers/" + laptop.id();
    NodeUnderTest.Answer seen = node.get(path);
    assertEquals("open", seen.text("link"));
    assertEquals(0L, seen.member("in_flight"));
    assertEquals(1, node.get("/api/v1/publishers").items().size());
    String other = node.key(Role.PUBLISHER, "others", false);
    assertEquals(List.of(), node.sendAs(other, "GET", "/api/v1/publishers", null).items());
    assertEquals("publisher_not_found", node.sendAs(other, "GET", path, null).member("reason"));
    assertEquals("publisher_not_found", node.sendAs(other, "DELETE", path, null).member("reason"));
    assertEquals("publisher_not_found", node.sendAs(other, "POST", path + "/rotate", "{}").member("reason"));

    String id = node.post(TASKS, ASK).text("task_id");
    laptop.next();
    assertEquals(1L, node.get(path).member("in_flight"));
    assertEquals("provider_busy", node.send("DELETE", path, null).member("reason"));
    laptop.post(id, Json.object("epoch", 1L, "result", Json.object("status", 200L, "body", Json.EMPTY_OBJECT)).text());
    await().until(() -> Long.valueOf(0).equals(node.get(path).member("in_flight")));

    String secret = node.post(path + "/rotate", "{}").text("publisher_secret");
    assertEquals(64, secret.length());
    assertEquals("invalid_publisher", laptop.heartbeat("{}").member("reason"));
    assertEquals(200, node.send("DELETE", path, null).status());
    assertEquals("bye", laptop.next().event());
    assertEquals("model_not_found", node.get("/api/v1/models/m").member("reason"));
  }

  @Test
  @DisplayName("what calls used is summed up; a caller sees the sums of its own key")
  void usage() {
    String consumer = node.key(Role.CONSUMER, "somebody", true);
    String chat = "{\"model\":\"scripted\",\"messages\":[{\"role\":\"user\",\"content\":\"a b c\"}],"
        + "\"scripted\":{\"text\":\"x y\"}}";
    assertEquals(200, node.post("/v1/chat/completions", chat).status());
    assertEquals(200, node.sendAs(consumer, "POST", "/v1/chat/completions", chat).status());
    await().until(() -> calls("/api/v1/usage").equals(List.of(2L)));
    assertEquals(List.of(1L), node.sendAs(consumer, "GET", "/api/v1/usage", null).items().stream()
        .map(one -> one.get("calls")).toList());
    assertEquals(List.of("scripted"), node.get("/api/v1/usage?group_by=model").items().stream()
        .map(one -> one.get("group")).toList());
    assertEquals(List.of(1L, 1L), calls("/api/v1/usage?group_by=key"));
    assertEquals(List.of(), calls("/api/v1/usage?from=2999-01-01"));
    assertEquals(List.of(), calls("/api/v1/usage?to=2000-01-01T00:00:00Z"));
    assertEquals("invalid_query", node.get("/api/v1/usage?from=yesterday").member("reason"));
    String metrics = node.get("/metrics").body();
    assertTrue(metrics.contains("holdfast_relay_calls_total{model=\"scripted\",outcome=\"completed\"} 2.0"), metrics);
    assertNull(node.get("/api/v1/usage").member("next"));
  }

  private List<?> calls(String path) {
    return node.get(path).items().stream().map(one -> one.get("calls")).toList();
  }

  @Test
  @DisplayName("what can't be a model's name isn't found, and nothing of it is kept")
  void noNames() {
    for (String model : List.of("", "x".repeat(100_000), "a b", "a\\u0000")) {
      String name = "{\"model\":\"" + model + "\"";
      for (String path : List.of("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses")) {
        assertEquals(404, node.post(path, name + ",\"messages\":[],\"input\":\"x\"}").status(), path);
      }
      assertEquals("model_not_found", node.post(TASKS, name + ",\"request\":{}}").member("reason"));
    }
    assertEquals(List.of(), node.get("/api/v1/usage?group_by=model").items());
  }

  @Test
  @DisplayName("model names that callers make up are one in the metrics")
  void cardinality() {
    for (int i = 0; i < 5; i++) {
      node.post("/v1/chat/completions", "{\"model\":\"made-up-" + i + "\",\"messages\":[]}");
    }
    String metrics = node.get("/metrics").body();
    assertTrue(!metrics.contains("made-up"), metrics);
  }
}
