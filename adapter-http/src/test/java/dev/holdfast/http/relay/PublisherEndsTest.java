package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Publishers;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.TestTime;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Publishers that vanish, sleep, or are told to go, over real HTTP. */
@Timeout(120)
class PublisherEndsTest extends PublishedModels {
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
    // Whoever waits is told first, then it is written down.
    await().until(() -> "inactive".equals(status("mine")));
  }
}
