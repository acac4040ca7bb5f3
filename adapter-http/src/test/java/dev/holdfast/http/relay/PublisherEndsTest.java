package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Publishers;
import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers that vanish, lie, are replaced or aren't allowed, over real HTTP. */
@Timeout(120)
class PublisherEndsTest {
  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.rates.requests", 10_000_000));
  private final FakePublisher publisher = new FakePublisher(node, "ann");

  @AfterEach
  void close() {
    publisher.close();
    node.close();
  }

  private static String asked(String model, boolean stream) {
    return Json.object("model", model, "messages", List.of(Json.object("role", "user", "content", "hi")), "stream",
        stream).text();
  }

  private CompletableFuture<NodeUnderTest.Answer> ask(String model, boolean stream) {
    return askAs(node.adminKey(), model, stream);
  }

  private CompletableFuture<NodeUnderTest.Answer> askAs(String key, String model, boolean stream) {
    var answer = new CompletableFuture<NodeUnderTest.Answer>();
    Thread.ofVirtual().start(() -> {
      try {
        answer.complete(node.sendAs(key, "POST", "/v1/chat/completions", asked(model, stream)));
      } catch (RuntimeException | Error e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private static @Nullable Object code(NodeUnderTest.Answer answer) {
    return answer.json().members().get("error") instanceof Map<?, ?> error ? error.get("code") : answer.body();
  }

  private void later(Duration by) {
    node.bean(TestTime.class).set(by);
    node.bean(Relay.Present.class).tick();
  }

  private String status(String provider) {
    return node.get("/api/v1/providers").items().stream().filter(one -> provider.equals(one.get("name"))).findFirst()
        .map(one -> String.valueOf(one.get("status"))).orElse("none");
  }

  @Test
  @DisplayName("R-A19 register of three with a refused second: nothing written; two publishers register one name at once: one wins")
  void allOrNothing() throws Exception {
    publisher.register("taken");
    FakePublisher other = new FakePublisher(node, "bob");
    NodeUnderTest.Answer refused = other.register("first", "taken", "third");
    assertEquals(409, refused.status());
    assertEquals("name_active_elsewhere", refused.text("reason"));
    assertEquals(1L, refused.member("index"));
    assertEquals("none", status("first"));
    assertEquals("none", status("third"));
    for (int round = 0; round < 20; round++) {
      String name = "race" + round;
      List<FakePublisher> racers = List.of(new FakePublisher(node, "ann"), new FakePublisher(node, "bob"));
      List<CompletableFuture<Integer>> statuses = racers.stream().map(racer -> {
        var status = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> status.complete(racer.register(name).status()));
        return status;
      }).toList();
      assertEquals(List.of(200, 409),
          List.of(Math.min(statuses.get(0).get(), statuses.get(1).get()),
              Math.max(statuses.get(0).get(), statuses.get(1).get())));
      racers.forEach(FakePublisher::close);
    }
    other.close();
  }

  @Test
  @DisplayName("R-A20 cross-publisher, wrong epoch, unknown id, ended task, with every post: equal 404, none of 10 000 tries is taken")
  void noneOfManyTries() throws Exception {
    publisher.register("mine", "other");
    publisher.open();
    FakePublisher stranger = new FakePublisher(node, "bob");
    stranger.register("theirs");
    CompletableFuture<NodeUnderTest.Answer> ended = ask("mine", true);
    FakePublisher.Frame over = publisher.next();
    publisher.fail(over, "over");
    ended.get();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    long seed = new Random().nextLong();
    var random = new Random(seed);
    List<String> contents = List.of("\"result\":{\"status\":200,\"body\":{}}", "\"error\":{\"reason\":\"x\"}",
        "\"chunks\":[{\"seq\":1,\"data\":\"{}\"}]", "\"kind\":\"received\"", "\"kind\":\"cancelled\"");
    String alike = null;
    for (int i = 0; i < 10_000; i++) {
      boolean own = random.nextBoolean();
      String id = switch (random.nextInt(4)) {
        case 0 -> over.text("task_id");
        case 1 -> "task-" + "%032x".formatted(random.nextLong());
        default -> task.text("task_id");
      };
      int epoch = own && id.equals(task.text("task_id")) ? 2 + random.nextInt(5) : random.nextInt(4);
      String content = contents.get(random.nextInt(contents.size()));
      String body = "{\"epoch\":" + epoch + "," + content + "}";
      FakePublisher by = own ? publisher : stranger;
      NodeUnderTest.Answer posted = content.contains("kind") ? by.acking(id, body) : by.post(id, body);
      assertEquals(404, posted.status(), () -> "seed " + seed + " " + body + posted.body());
      String told = posted.body().replaceAll("request:[0-9a-f]+", "request");
      alike = alike == null ? told : alike;
      assertEquals(alike, told, "every one is told the same");
    }
    publisher.chunk(task, 1, FakePublisher.delta("untouched"), false);
    publisher.chunk(task, 2, "[DONE]", true);
    assertTrue(answer.get().body().contains("untouched"));
    stranger.close();
  }

  @Test
  @DisplayName("R-A22 heartbeat after unbind: active but unavailable, a call finds nobody")
  void heartbeatAfterUnbind() throws Exception {
    publisher.register("mine");
    publisher.open();
    publisher.cut();
    await().until(() -> status("mine").equals("inactive"));
    assertEquals(200, publisher.heartbeat("").status());
    assertEquals("active", status("mine"));
    assertEquals(false, node.get("/api/v1/models/mine").member("available"));
    assertEquals("publisher_offline", code(ask("mine", false).get()));
  }

  @Test
  @DisplayName("R-A23 a publisher without heartbeats but with a task in flight or chunks isn't swept")
  void busyIsNotSwept() throws Exception {
    publisher.register("mine", "idle");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    publisher.ack(task);
    node.bean(TestTime.class).set(Duration.ofMinutes(5));
    assertEquals(0, node.bean(Publishers.class).sweep().deleted());
    assertEquals("active", status("mine"));
    assertEquals("inactive", status("idle"), "nothing was heard, and it does nothing");
    publisher.chunk(task, 1, FakePublisher.delta("x"), false);
    publisher.chunk(task, 2, "[DONE]", true);
    answer.get();
    node.bean(Publishers.class).sweep();
    assertEquals("active", status("mine"), "its chunks were heard just now");
  }

  @Test
  @DisplayName("R-A25 a caller who leaves: a cancel frame within a second, 30 of 30 times, a usage record of each, and a second call goes on untouched")
  void leaves() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> other = ask("mine", false);
    FakePublisher.Frame second = publisher.next();
    publisher.ack(second);
    for (int i = 0; i < 30; i++) {
      CompletableFuture<HttpResponse<InputStream>> reading = read("mine");
      FakePublisher.Frame task = publisher.next();
      publisher.chunk(task, 1, FakePublisher.delta("hello"), false);
      reading.get().body().close();
      FakePublisher.Frame cancel = publisher.next(Duration.ofSeconds(1));
      assertEquals("cancel", cancel.text("kind"));
      assertEquals(task.text("task_id"), cancel.text("task_id"));
      assertEquals(200, publisher.ack(task.text("task_id"), 1, "cancelled").status(), "taken once (spec R-36)");
      assertEquals(404, publisher.ack(task.text("task_id"), 1, "cancelled").status(), "it is over");
    }
    publisher.result(second, 200, Json.object("model", "b"));
    assertEquals(200, other.get().status());
    await().until(() -> usage().size() == 31);
    assertEquals(30, usage().stream().filter(used -> used.outcome().equals("cancelled")).count());
  }

  private CompletableFuture<HttpResponse<InputStream>> read(String model) {
    var answer = new CompletableFuture<HttpResponse<InputStream>>();
    Thread.ofVirtual().start(() -> answer.complete(node.exchange(HttpRequest
        .newBuilder(node.uri("/v1/chat/completions")).header("Authorization", "Bearer " + node.adminKey())
        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(asked(model, true)))
        .build(),
        HttpResponse.BodyHandlers.ofInputStream())));
    return answer;
  }

  private List<UsageRecord> usage() {
    return node.bean(Store.class).read(state -> state.usage(0, 1_000));
  }

  @Test
  @DisplayName("R-A40 the usage of a cancelled stream is the deltas that were relayed")
  void usageOfCancelled() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<HttpResponse<InputStream>> reading = read("mine");
    FakePublisher.Frame task = publisher.next();
    for (int i = 1; i <= 7; i++) {
      publisher.chunk(task, i, FakePublisher.delta("word "), false);
    }
    try (InputStream body = reading.get().body()) {
      var seen = new StringBuilder();
      while (seen.toString().split("word", -1).length < 8) {
        seen.append((char) body.read());
      }
    }
    await().until(() -> usage().size() == 1);
    UsageRecord used = usage().getFirst();
    assertEquals(7, used.outputTokens());
    assertTrue(used.estimated());
    assertEquals("cancelled", used.outcome());
    assertEquals("mine", used.provider());
  }

  @Test
  @DisplayName("R-A26 a publisher that vanishes: before the ack, before the first chunk, in mid-stream, after the last chunk before done, half-open: a typed end, never [DONE], never a hang")
  void vanishes() throws Exception {
    for (int stage = 0; stage < 4; stage++) {
      FakePublisher one = new FakePublisher(node, "ann");
      one.register("stage" + stage);
      one.open();
      CompletableFuture<NodeUnderTest.Answer> answer = ask("stage" + stage, true);
      FakePublisher.Frame task = one.next();
      if (stage > 0) {
        one.ack(task);
      }
      for (int chunk = 1; chunk < stage; chunk++) {
        one.chunk(task, chunk, FakePublisher.delta("x"), false);
      }
      one.cut();
      assertTyped(stage > 1, answer.get());
    }
    // Half-open: the link stays, and nothing is heard over it.
    publisher.register("silent", "deaf");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> unheard = ask("deaf", true);
    publisher.next();
    later(Duration.ofSeconds(11));
    assertTyped(false, unheard.get());
    assertEquals("cancel", publisher.next().text("kind"));
    CompletableFuture<NodeUnderTest.Answer> silent = ask("silent", true);
    FakePublisher.Frame task = publisher.next();
    publisher.chunk(task, 1, FakePublisher.delta("x"), false);
    later(Duration.ofMinutes(11));
    assertTrue(silent.get().body().contains("task_deadline_exceeded"), silent.get().body());
    assertFalse(silent.get().body().contains("[DONE]"));
  }

  private static void assertTyped(boolean begun, NodeUnderTest.Answer answer) {
    assertFalse(answer.body().contains("[DONE]"), answer.body());
    if (begun) {
      assertTrue(answer.body().contains("upstream_cut"), answer.body());
    } else {
      assertEquals(502, answer.status());
      assertEquals("publisher_disconnected", code(answer));
    }
  }

  @Test
  @DisplayName("R-A30 a laptop slept through a requeue: all its posts find nothing, and no text is mixed")
  void slept() throws Exception {
    List<Json> pooled =
        List.of(Json.object("name", "one", "pool", "pool", "backend_model", "m", "visibility", "shared"));
    publisher.register(pooled);
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("pool", true);
    FakePublisher.Frame slept = publisher.next();
    FakePublisher other = new FakePublisher(node, "ann");
    other.register(List.of(Json.object("name", "two", "pool", "pool", "backend_model", "m", "visibility", "shared")));
    other.open();
    later(Duration.ofSeconds(11));
    FakePublisher.Frame task = other.next();
    assertEquals(slept.text("task_id"), task.text("task_id"));
    assertEquals(404, publisher.ack(slept).status());
    assertEquals(404, publisher.chunk(slept, 1, FakePublisher.delta("asleep"), false).status());
    assertEquals(404, publisher.fail(slept, "transport").status());
    other.chunk(task, 1, FakePublisher.delta("awake"), false);
    assertEquals(404, publisher.chunk(slept, 2, FakePublisher.delta("asleep"), false).status());
    other.chunk(task, 2, "[DONE]", true);
    assertTrue(answer.get().body().contains("awake"));
    assertFalse(answer.get().body().contains("asleep"));
    other.close();
  }

  @Test
  @DisplayName("R-A33 queue: the place is visible, the bound refuses with Retry-After, an entry's deadline has its reason, first come first served")
  void queue() throws Exception {
    publisher.register(List.of(
        Json.object("name", "one", "backend_model", "m", "visibility", "shared", "max_in_flight", 1)));
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> held = ask("one", false);
    FakePublisher.Frame task = publisher.next();
    publisher.ack(task);
    List<CompletableFuture<NodeUnderTest.Answer>> queued = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int place = i;
      queued.add(ask("one", false));
      await().until(() -> node.bean(Relay.Present.class).admissions().queued("one") == place + 1);
    }
    NodeUnderTest.Answer full = ask("one", false).get();
    assertEquals(503, full.status());
    assertEquals("queue_full", code(full));
    assertTrue(full.header("Retry-After") != null);
    publisher.result(task, 200, Json.object("model", "b"));
    held.get();
    publisher.result(publisher.next(), 200, Json.object("model", "b"));
    NodeUnderTest.Answer first = queued.getFirst().get();
    assertEquals("1", first.header("X-Queue-Position"));
    assertTrue(Long.parseLong(String.valueOf(first.header("X-Queue-Wait-Ms"))) >= 0);
    FakePublisher.Frame next = publisher.next();
    publisher.ack(next);
    later(Duration.ofSeconds(61));
    assertEquals("queue_deadline_exceeded", code(queued.getLast().get()));
    publisher.result(next, 200, Json.object("model", "b"));
    assertEquals("2", queued.get(1).get().header("X-Queue-Position"));
  }

  @Test
  @DisplayName("R-A34 a private model is hidden in lists and 404; visible by key.models; a pool of another owner is refused")
  void visibility() throws Exception {
    publisher.register(List.of(Json.object("name", "secret", "pool", "anns", "backend_model", "m")));
    publisher.open();
    String bob = node.key(Role.CONSUMER, "bob", true);
    assertFalse(node.sendAs(bob, "GET", "/v1/models", null).body().contains("anns"));
    assertFalse(node.sendAs(bob, "GET", "/api/v1/models", null).body().contains("anns"));
    assertEquals(404, node.sendAs(bob, "GET", "/v1/models/anns", null).status());
    assertEquals(404, askAs(bob, "anns", false).get().status());
    String named = node.key(new Key.Limits(List.of("anns"), null, null));
    assertTrue(node.sendAs(named, "GET", "/v1/models", null).body().contains("anns"));
    CompletableFuture<NodeUnderTest.Answer> answer = askAs(named, "anns", false);
    publisher.result(publisher.next(), 200, Json.object("model", "b"));
    assertEquals(200, answer.get().status());
    NodeUnderTest.Answer refused = new FakePublisher(node, "bob")
        .register(List.of(Json.object("name", "mine", "pool", "anns", "backend_model", "m")));
    assertEquals("pool_owned_by_other", refused.text("reason"));
  }

  @Test
  @DisplayName("R-A36 a revoked publisher's key closes the link, and its tasks end as with a lost link")
  void revoked() throws Exception {
    publisher.register("mine");
    publisher.open();
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", false);
    publisher.ack(publisher.next());
    node.post("/api/v1/keys/" + publisher.key().substring(4, 20) + "/revoke", "{}");
    FakePublisher.Frame bye = publisher.next();
    assertEquals("bye", bye.event());
    assertEquals("key_revoked", bye.text("why"));
    assertEquals("publisher_disconnected", code(answer.get()));
    assertEquals("inactive", status("mine"));
  }

  @Test
  @DisplayName("R-A42 a slow reader is bounded and cut; other readers of the node are unaffected")
  void slowReader() throws Exception {
    publisher.register("mine", "other");
    publisher.open();
    CompletableFuture<HttpResponse<InputStream>> reading = read("mine");
    FakePublisher.Frame task = publisher.next();
    String large = FakePublisher.delta("x".repeat(200_000));
    long seq = 1;
    NodeUnderTest.Answer posted = publisher.chunk(task, seq, large, false);
    var _ = reading.get();
    while (posted.status() == 200 && seq < 500) {
      posted = publisher.chunk(task, ++seq, large, false);
      if (seq == 20) {
        CompletableFuture<NodeUnderTest.Answer> other = ask("other", false);
        publisher.result(publisher.next(), 200, Json.object("model", "b"));
        assertEquals(200, other.get().status());
      }
    }
    assertEquals(404, posted.status(), "the task is over once its reader is given up");
    assertTrue(seq < 200, "what is kept for a reader is bounded");
    reading.get().body().close();
  }

  @Test
  @DisplayName("a publisher that is told of nothing but itself has no part in others' providers")
  void othersRows() throws IOException {
    publisher.register("mine");
    FakePublisher stranger = new FakePublisher(node, "bob");
    stranger.register("theirs");
    assertEquals(400, stranger.heartbeat("{\"statuses\":[{\"name\":\"mine\",\"status\":\"hibernating\"}]}").status());
    assertEquals("active", status("mine"));
    stranger.close();
  }
}
