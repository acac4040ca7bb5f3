package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of models that a publisher serves, over real HTTP on both sides. */
@Timeout(60)
class PublishedModelTest extends PublishedModels {
  @Test
  @DisplayName("R-A8 enqueue pushes exactly one infer frame with task id, name, streaming flag")
  void oneFrame() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", false);
    FakePublisher.Frame task = publisher.next();

    assertEquals("task", task.event());
    assertEquals("infer", task.text("kind"));
    assertTrue(task.text("task_id").matches("task-[0-9a-f]{32}"));
    assertEquals("mine", task.text("provider"));
    assertEquals("backend-mine", task.text("backend_model"));
    assertEquals(false, task.data().get("streaming"));
    assertEquals(1, task.number("epoch"));
    publisher.ack(task);
    publisher.result(task, 200, Json.object("id", "x", "model", "backend", "choices", List.of()));
    assertEquals(200, answer.get().status());
    assertEquals("mine", answer.get().text("model"), "the caller's name");
    assertEquals("mine", answer.get().header("X-Holdfast-Provider"));
    assertEquals(task.text("task_id"), answer.get().header("X-Holdfast-Task"));
    assertNull(publisher.peek());
  }

  @Test
  @DisplayName("R-A9 R-A10 R-A11 an active row without a link is not there, nor is an inactive one with it; no task is left")
  void notThere() throws Exception {
    publisher.register("mine");
    NodeUnderTest.Answer unbound = ask("mine", false).get();
    assertEquals(503, unbound.status());
    assertEquals("publisher_offline", code(unbound));
    publisher.open();
    publisher.cut();
    await().until(() -> "inactive".equals(status("mine")));
    NodeUnderTest.Answer inactive = ask("mine", false).get();
    assertEquals("publisher_offline", code(inactive));
    assertEquals(0, node.bean(Relay.Present.class).tasks().count());
    assertEquals(404, ask("nobody", false).get().status());
  }

  @Test
  @DisplayName("R-A12 complete resolves with status and body; a second post finds no task")
  void completesOnce() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", false);
    FakePublisher.Frame task = publisher.next();
    Json refused = Json.object("error", Json.object("message", "too long", "code", "context_length"));
    assertEquals(200, publisher.result(task, 400, refused).status());
    assertEquals(400, answer.get().status());
    assertEquals("context_length", code(answer.get()));
    NodeUnderTest.Answer again = publisher.result(task, 200, Json.EMPTY_OBJECT);
    assertEquals(404, again.status());
    assertEquals("task_not_found", again.text("reason"));
  }

  @Test
  @DisplayName("R-A13 chunks arrive in order, and the stream ends with [DONE] behind the provider's own end alone")
  void chunks() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    publisher.ack(task);
    publisher.chunk(task, 1, FakePublisher.delta("hello"), false);
    publisher.chunk(task, 2, FakePublisher.delta("world"), false);
    assertEquals(200, publisher.chunk(task, 3, "[DONE]", true).status());
    String body = answer.get().body();
    assertTrue(body.indexOf("hello") < body.indexOf("world"), body);
    assertTrue(body.endsWith("data: [DONE]\n\n"), body);
    assertTrue(body.contains("\"model\":\"mine\""), body);
    assertFalse(body.contains("\"backend\""), body);
  }

  @Test
  @DisplayName("R-A14 a failure that is posted reaches the caller as its reason")
  void fails() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", false);
    publisher.fail(publisher.next(), "the backend fell over");
    assertEquals(502, answer.get().status());
    assertEquals("provider_failed", code(answer.get()));
  }

  @Test
  @DisplayName("R-A15 a link that closes rejects what its publisher was doing: before the first token, and behind it")
  void unbind() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> whole = ask("mine", false);
    publisher.ack(publisher.next());
    CompletableFuture<NodeUnderTest.Answer> streamed = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    publisher.chunk(task, 1, FakePublisher.delta("hello"), false);
    publisher.cut();
    assertEquals(502, whole.get().status());
    assertEquals("publisher_disconnected", code(whole.get()));
    assertTrue(streamed.get().body().contains("hello"));
    assertTrue(streamed.get().body().contains("upstream_cut"), streamed.get().body());
    assertFalse(streamed.get().body().contains("[DONE]"));
  }

  @Test
  @DisplayName("R-A24 a chunk that was taken is ignored, a gap is told with what is expected, a task that doesn't stream takes none")
  void chunkRules() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    publisher.chunk(task, 1, FakePublisher.delta("one"), false);
    assertEquals(200, publisher.chunk(task, 1, FakePublisher.delta("other"), false).status());
    NodeUnderTest.Answer gap = publisher.chunk(task, 3, FakePublisher.delta("three"), false);
    assertEquals(409, gap.status());
    assertEquals("chunk_gap", gap.text("reason"));
    assertEquals(2L, gap.member("expected_seq"));
    NodeUnderTest.Answer large = publisher.chunk(task, 2, "x".repeat(256 * 1024 + 1), false);
    assertEquals(413, large.status());
    publisher.chunk(task, 2, "[DONE]", true);
    assertFalse(answer.get().body().contains("other"));

    CompletableFuture<NodeUnderTest.Answer> whole = ask("mine", false);
    FakePublisher.Frame other = publisher.next();
    NodeUnderTest.Answer refused = publisher.chunk(other, 1, "{}", false);
    assertEquals("task_not_streaming", refused.text("reason"));
    publisher.result(other, 200, Json.EMPTY_OBJECT);
    whole.get();
  }

  @Test
  @DisplayName("R-A41 exactly one of error, chunks, result; two are invalid_request")
  void oneOf() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    for (String body : List.of("{\"epoch\":1}",
        "{\"epoch\":1,\"error\":{\"reason\":\"x\"},\"result\":{\"status\":200}}",
        "{\"epoch\":1,\"chunks\":[{\"seq\":1,\"data\":\"{}\"}],\"result\":{\"status\":200}}")) {
      NodeUnderTest.Answer refused = publisher.post(task.text("task_id"), body);
      assertEquals(400, refused.status(), body);
      assertEquals("invalid_request", refused.text("reason"));
    }
    publisher.fail(task, "enough");
    answer.get();
  }

  @Test
  @DisplayName("A caller who leaves ends the call: a cancel frame names task and epoch, and nothing else is ended")
  void leaves() throws Exception {
    publisher.register("mine", "other");
    publisher.open();
    HttpResponse<InputStream> reading = node.exchange(HttpRequest.newBuilder(node.uri("/v1/chat/completions"))
        .header("Authorization", "Bearer " + node.adminKey()).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(asked("mine", true))).build(), begun(publisher));
    FakePublisher.Frame task = started;
    CompletableFuture<NodeUnderTest.Answer> other = ask("other", false);
    FakePublisher.Frame second = publisher.next();
    reading.body().close();
    FakePublisher.Frame cancel = publisher.next();
    assertEquals("cancel", cancel.text("kind"));
    assertEquals(task.text("task_id"), cancel.text("task_id"));
    assertEquals(1, cancel.number("epoch"));
    assertEquals(404, publisher.chunk(task, 2, FakePublisher.delta("late"), false).status());
    publisher.result(second, 200, Json.object("model", "b"));
    assertEquals(200, other.get().status());
    await().atMost(Duration.ofSeconds(5))
        .until(() -> node.bean(Relay.Present.class).admissions().inFlight("mine") == 0);
  }

  private volatile FakePublisher.Frame started = new FakePublisher.Frame("", Map.of());

  /** The answer's head comes with its first chunk, which this posts meanwhile. */
  private HttpResponse.BodyHandler<InputStream> begun(FakePublisher by) {
    Thread.ofVirtual().start(() -> {
      try {
        started = by.next();
        by.chunk(started, 1, FakePublisher.delta("hello"), false);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    return HttpResponse.BodyHandlers.ofInputStream();
  }

  @Test
  @DisplayName("R-A21 two links: the newest wins and the old one is told; its late close unbinds nothing, its running task completes over the new one")
  void newestWins() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", false);
    FakePublisher.Frame task = publisher.next();
    FakePublisher again = publisher.twin("ann").open();
    FakePublisher.Frame bye = publisher.next();
    assertEquals("bye", bye.event());
    assertEquals("replaced", bye.text("why"));
    publisher.cut();
    assertEquals("active", status("mine"));
    assertEquals(200, again.result(task, 200, Json.object("model", "b")).status());
    assertEquals(200, answer.get().status());
    assertEquals("active", status("mine"));
    again.close();
  }

  @Test
  @DisplayName("R-A27 failover before the first token, not behind it; not on a status 400; each member once")
  void failover() throws Exception {
    publisher.register(pooled("one"));
    publisher.open();
    FakePublisher second = new FakePublisher(node, "ann");
    second.register(pooled("two"));
    second.open();
    try (second) {
      CompletableFuture<NodeUnderTest.Answer> answer = ask("pool", false);
      FakePublisher first = firstOf(publisher, second);
      FakePublisher other = first == publisher ? second : publisher;
      FakePublisher.Frame failed = first.next();
      first.fail(failed, "transport");
      FakePublisher.Frame task = other.next();
      assertEquals(failed.text("task_id"), task.text("task_id"));
      assertEquals(2, task.number("epoch"));
      assertEquals(404, first.result(failed, 200, Json.EMPTY_OBJECT).status());
      other.result(task, 400, Json.object("error", Json.object("message", "no", "code", "bad")));
      assertEquals(400, answer.get().status(), "passed on, not tried again");
      assertEquals("2", answer.get().header("X-Holdfast-Attempt"));

      CompletableFuture<NodeUnderTest.Answer> both = ask("pool", false);
      FakePublisher begin = firstOf(publisher, second);
      begin.fail(begin.next(), "transport");
      FakePublisher next = begin == publisher ? second : publisher;
      next.fail(next.next(), "transport");
      assertEquals(502, both.get().status());
      assertNull(publisher.peek());
      assertNull(second.peek());

      CompletableFuture<NodeUnderTest.Answer> streamed = ask("pool", true);
      FakePublisher streaming = firstOf(publisher, second);
      FakePublisher.Frame cut = streaming.next();
      streaming.chunk(cut, 1, FakePublisher.delta("begun"), false);
      streaming.fail(cut, "transport");
      assertTrue(streamed.get().body().contains("upstream_cut"));
    }
  }

  private static List<Json> pooled(String name) {
    return List.of(Json.object("name", name, "pool", "pool", "backend_model", "m", "visibility", "shared"));
  }

  private static FakePublisher firstOf(FakePublisher one, FakePublisher two) {
    await().until(() -> one.peek() != null || two.peek() != null);
    return one.peek() != null ? one : two;
  }

  @Test
  @DisplayName("A publisher is known by id and secret together, in the name of its owner")
  void identity() throws IOException {
    publisher.register("mine");
    assertEquals(401, publisher.twin("bob").heartbeat("").status());
    assertEquals(200, publisher.heartbeat("").status());
    assertEquals("invalid_publisher", new FakePublisher(node, "ann").heartbeat("").text("reason"));
  }
}
