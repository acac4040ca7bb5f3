package dev.holdfast.http.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.turns.ExecutorWork;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.RawConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Waiting for work (spec T-90). */
class ExecutorWorkTest {
  private final ExecutorBed bed = new ExecutorBed(Map.of("holdfast.executors.waiting-per-key", 2));
  private final ExecutorWork work = bed.node.bean(ExecutorWork.class);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String worker = bed.worker();

  @AfterEach
  void close() {
    bed.close();
    threads.close();
  }

  private CompletableFuture<NodeUnderTest.Answer> poll() {
    int before = work.waiting();
    var poll = CompletableFuture.supplyAsync(() -> bed.asExecutor("/api/v1/executor/work?wait_ms=20000"), threads);
    await().until(() -> work.waiting() == before + 1);
    return poll;
  }

  private String told(Runnable news) {
    CompletableFuture<NodeUnderTest.Answer> poll = poll();
    news.run();
    List<Map<String, Object>> items = poll.join().items();
    assertEquals(1, items.size());
    assertEquals(worker, items.getFirst().get("session_id"));
    return String.valueOf(items.getFirst().get("why"));
  }

  @Test
  @DisplayName("T-A39 Who waits for work is woken by a wake, a command, an input, a release and an expiry, and told why")
  void woken() {
    assertEquals("wake", told(() -> bed.wake(worker, 1)));
    String queue = "/api/v1/workers/" + worker + "/queue";
    bed.asAnn("DELETE", queue + "/" + bed.asAnn("GET", queue, null).items().getFirst().get("batch_id"), null);
    assertEquals("command", told(() -> bed.command(worker, "reset_session")));
    ExecutorClient executor = bed.client(worker, "a");
    executor.take();
    executor.commit("completed", List.of(ExecutorBed.claim(executor.nextWork())), "release", true);
    assertEquals("input", told(() -> bed.input(worker, "go")));
    executor.take();
    executor.nextWork();
    assertEquals("open_turn", told(executor::release));
    executor.take(1_000);
    executor.nextWork();
    assertEquals("open_turn", told(() -> bed.pass(Duration.ofSeconds(2))));
  }

  @Test
  @DisplayName("T-90 A batch whose time comes is told of, and while a session is held there is nothing to tell")
  void available() {
    String body =
        "{\"origin\":\"o\",\"origin_sequence\":1,\"text\":\"t\",\"available_at\":\"" + Instant.now().plusSeconds(60)
            + "\"}";
    bed.asAnn("POST", "/api/v1/workers/" + worker + "/wakes", body);
    assertEquals("wake", told(() -> bed.pass(Duration.ofSeconds(61))));
    ExecutorClient executor = bed.client(worker, "a");
    executor.take();
    assertEquals(List.of(), executor.hints(0).items());
    assertEquals(List.of(), executor.hints(1).items());
  }

  @Test
  @DisplayName("T-90 Each key has so many places to wait, and one that leaves makes room")
  void places() {
    String head = "GET /api/v1/executor/work?wait_ms=30000 HTTP/1.1\r\nHost: " + bed.node.host()
        + "\r\nAuthorization: Bearer " + bed.executor + "\r\n\r\n";
    try (RawConnection one = bed.node.connect("127.0.0.1"); RawConnection other = bed.node.connect("127.0.0.1")) {
      one.send(head);
      other.send(head);
      await().until(() -> work.waiting() == 2);
      NodeUnderTest.Answer full = bed.asExecutor("/api/v1/executor/work?wait_ms=1000");
      assertEquals("429 too_many_streams key", full.status() + " " + full.text("reason") + " " + full.text("scope"));
      String eve = bed.node.key(Role.EXECUTOR, "eve", true);
      assertEquals(200, bed.node.sendAs(eve, "GET", "/api/v1/executor/work?wait_ms=1", null).status());
    }
    await().until(() -> work.waiting() == 0);
    assertEquals(200, bed.asExecutor("/api/v1/executor/work?wait_ms=1").status());
  }

  @Test
  @DisplayName("T-90 The wait and the number of hints are bounded, and a draining node lets nobody wait")
  void bounds() {
    for (int i = 0; i < 3; i++) {
      bed.input(bed.worker(), "go");
    }
    assertEquals(2, bed.asExecutor("/api/v1/executor/work?limit=2").items().size());
    assertEquals("limit_too_large", bed.asExecutor("/api/v1/executor/work?limit=65").text("reason"));
    assertEquals("invalid_query limit", wrong("limit=0"));
    assertEquals("invalid_query wait_ms", wrong("wait_ms=30001"));
    String idle = bed.node.key(Role.EXECUTOR, "idle", true);
    var poll = CompletableFuture.supplyAsync(
        () -> bed.node.sendAs(idle, "GET", "/api/v1/executor/work?wait_ms=20000", null), threads);
    await().until(() -> work.waiting() == 1);
    bed.node.enter(NodeState.Phase.DRAINING);
    assertEquals(List.of(), poll.join().items());
  }

  @Test
  @DisplayName("T-90 The first call of the protocol tells a key that it is of the wrong role, and which it needs, or may not read")
  void wrongKey() {
    NodeUnderTest.Answer refused = bed.node.sendAs(bed.ann, "GET", "/api/v1/executor/work", null);
    assertEquals("role_not_allowed consumer admin or executor",
        refused.text("reason") + " " + refused.text("role") + " " + refused.text("needed_role"));
    String blind = bed.node.key(Role.EXECUTOR, "ann", false);
    assertEquals("content_not_allowed", bed.node.sendAs(blind, "GET", "/api/v1/executor/work", null).text("reason"));
    assertEquals("content_not_allowed",
        bed.node.sendAs(blind, "POST", "/api/v1/sessions/" + bed.worker() + "/lease", "{}").text("reason"));
  }

  private String wrong(String query) {
    NodeUnderTest.Answer answer = bed.asExecutor("/api/v1/executor/work?" + query);
    return answer.text("reason") + " " + answer.text("field");
  }
}
