package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Relay;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What publishers and their callers may not do, and how much of it, over real HTTP. */
@Timeout(120)
class PublisherLimitsTest extends PublishedModels {
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

  @Test
  @DisplayName("R-A20 posts of another publisher, of another epoch, of an unknown id and of an ended task find no task, all alike")
  void cross() throws Exception {
    publisher.register("mine");
    publisher.open();
    FakePublisher stranger = new FakePublisher(node, "bob");
    stranger.register("theirs");
    CompletableFuture<NodeUnderTest.Answer> answer = ask("mine", true);
    FakePublisher.Frame task = publisher.next();
    String id = task.text("task_id");
    List<String> contents = List.of("\"result\":{\"status\":200,\"body\":{}}", "\"error\":{\"reason\":\"x\"}",
        "\"chunks\":[{\"seq\":1,\"data\":\"{}\"}]");
    for (String content : contents) {
      for (int epoch : new int[] {0, 1, 2}) {
        assertNone(stranger.post(id, "{\"epoch\":" + epoch + "," + content + "}"));
      }
      assertNone(publisher.post(id, "{\"epoch\":2," + content + "}"));
      assertNone(publisher.post("task-" + "0".repeat(32), "{\"epoch\":1," + content + "}"));
      assertNone(publisher.post("nothing", "{\"epoch\":1," + content + "}"));
    }
    assertNone(stranger.ack(id, 1, "received"));
    assertNone(stranger.ack(id, 1, "cancelled"));
    publisher.fail(task, "over");
    for (String content : contents) {
      assertNone(publisher.post(id, "{\"epoch\":1," + content + "}"));
    }
    answer.get();
    stranger.close();
  }

  private static void assertNone(NodeUnderTest.Answer answer) {
    assertEquals(404, answer.status(), answer.body());
    assertEquals("task_not_found", answer.text("reason"));
  }
}
