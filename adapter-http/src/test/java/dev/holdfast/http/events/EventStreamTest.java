package dev.holdfast.http.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.turns.WorkerInputs;
import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventStreamTest {

  /** A worker whose turns nobody runs, so that its feed is its inputs and nothing else. */
  private static WorkerId worker(NodeUnderTest node, String owner) {
    var request = new CreateWorker(new WorkerIntent.Assistant(null), new ProfileSelector.RuntimeDefault(), null,
        Execution.EXTERNAL, null, List.of(), List.of(), List.of());
    return node.bean(WorkerCatalogue.class)
        .create(NodeUnderTest.called(), request, new WorkerRules.Caller(owner, null, null)).orThrow()
        .worker().id();
  }

  private static void send(NodeUnderTest node, WorkerId worker, String content) {
    assertTrue(node.bean(WorkerInputs.class)
        .send(NodeUnderTest.called(), Sender.to(worker), InputDraft.user(content)) instanceof Outcome.Done<?>);
  }

  private static long id(Follower.Frame frame) {
    return (Long) frame.member("id");
  }

  @Test
  @DisplayName("A-A20 The head and a first comment come before there is any event")
  void headFirst() {
    try (var node = NodeUnderTest.started()) {
      String cursor = node.get("/api/v1/events/cursor?at=now").text("cursor");
      try (Follower stream = node.follow("/api/v1/events/stream?cursor=" + cursor)) {
        assertEquals(200, stream.status());
        assertTrue(stream.head().contains("content-type: text/event-stream"), stream.head().toString());
        assertTrue(stream.head().contains("Cache-Control: no-store"), stream.head().toString());
        assertTrue(stream.head().contains("X-Accel-Buffering: no"), stream.head().toString());
        assertEquals(List.of(": open", "", "retry: 2000", ""),
            List.of(stream.line() + "", stream.line() + "", stream.line() + "", stream.line() + ""));
      }
    }
  }

  @Test
  @DisplayName("A quiet stream is pinged")
  void pings() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.stream.ping-every", "50ms"))) {
      String cursor = node.get("/api/v1/events/cursor?at=now").text("cursor");
      try (Follower stream = node.follow("/api/v1/events/stream?cursor=" + cursor)) {
        List<String> lines = new ArrayList<>();
        while (lines.stream().filter(": ping"::equals).count() < 3) {
          lines.add(String.valueOf(stream.line()));
        }
        assertEquals(": open", lines.getFirst());
      }
    }
  }

  @Test
  @DisplayName("W-A28 Readers who begin while events are written lose none at the hand-over and get none twice")
  void handOver() throws InterruptedException {
    try (var node = NodeUnderTest.started()) {
      WorkerId worker = worker(node, "default");
      int inputs = 200;
      Thread writer = Thread.ofVirtual().start(() -> {
        for (int i = 0; i < inputs; i++) {
          send(node, worker, "input " + i);
        }
      });
      List<Thread> readers = new ArrayList<>();
      List<List<Long>> seen = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        List<Long> ids = new ArrayList<>();
        seen.add(ids);
        readers.add(Thread.ofVirtual().start(() -> {
          try (Follower stream = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
            stream.until(frame -> {
              ids.add(id(frame));
              return ids.size() == inputs + 1;
            });
          }
        }));
      }
      writer.join();
      for (Thread reader : readers) {
        assertTrue(reader.join(Duration.ofSeconds(20)));
      }
      long first = seen.getFirst().getFirst();
      List<Long> dense = LongStream.range(first, first + inputs + 1).boxed().toList();
      seen.forEach(ids -> assertEquals(dense, ids));
    }
  }

  @Test
  @DisplayName("W-A28 A reader goes on behind the id that it saw last, which goes before the cursor in the query")
  void lastEventId() {
    try (var node = NodeUnderTest.started()) {
      WorkerId worker = worker(node, "default");
      send(node, worker, "one");
      send(node, worker, "two");
      Follower.Frame second;
      try (Follower stream = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
        second = stream.until(frame -> frame.event().equals("worker.input_accepted")).getLast();
      }
      try (Follower stream =
          node.follow("/api/v1/events/stream?cursor=nonsense&worker_id=" + worker, "Last-Event-ID", second.id())) {
        Follower.Frame third = stream.until(_ -> true).getFirst();
        assertEquals(id(second) + 1, id(third));
        assertEquals("worker.input_accepted", third.event());
      }
    }
  }

  @Test
  @DisplayName("A subject without a worker gets the events of its own workers, and nothing of the runtime")
  void ownEvents() {
    try (var node = NodeUnderTest.started()) {
      WorkerId mine = worker(node, "mine");
      worker(node, "theirs");
      String key = node.key(Role.CONSUMER, "mine", true);
      var page = node.sendAs(key, "GET", "/api/v1/events", null);
      List<?> events = (List<?>) page.json().members().get("events");
      assertEquals(1, events == null ? 0 : events.size(), page.body());
      assertTrue(page.body().contains(mine.value()));
      assertEquals(404, node.sendAs(key, "GET", "/api/v1/events?worker_id=worker-00000002", null).status());
    }
  }

  @Test
  @DisplayName("A reader who leaves leaves nothing behind")
  void leaving() {
    try (var node = NodeUnderTest.started()) {
      Streams streams = node.bean(Streams.class);
      List<Follower> readers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        readers.add(node.follow("/api/v1/events/stream"));
      }
      await().until(() -> streams.open() == 20);
      readers.forEach(Follower::close);
      await().atMost(Duration.ofSeconds(2)).until(() -> streams.open() == 0);
    }
  }

  @Test
  @DisplayName("At shutdown every stream says bye and when to come again, and no new one begins")
  void shutdown() {
    try (var node = NodeUnderTest.started()) {
      try (Follower stream = node.follow("/api/v1/events/stream")) {
        stream.until(frame -> frame.event().equals("model.public_created"));
        node.enter(NodeState.Phase.DRAINING);
        node.bean(NewsRoom.class).raiseAll();
        Follower.Frame bye = stream.until(_ -> true).getFirst();
        assertEquals("bye", bye.event());
        assertNull(stream.next());
      }
      assertEquals(503, node.get("/api/v1/events/stream").status());
      assertEquals(200, node.get("/api/v1/events").status());
    }
  }
}
