package dev.holdfast.http.access.listener;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.RawConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The deadlines on a real node, where they are shorter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowSenderTest {
  private static final int ATTACKERS = 1_000;
  private static final int ADDRESSES = 8;
  private final NodeUnderTest node = NodeUnderTest.started(
      Map.of("holdfast.listener.head-within", "500ms", "holdfast.listener.body-patience", "500ms"));

  @AfterAll
  void close() {
    node.close();
  }

  private String post(String path) {
    return post(node, path);
  }

  private static String post(NodeUnderTest node, String path) {
    return "POST " + path + " HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer " + node.adminKey()
        + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
  }

  private static void requireLast(String answers, String status, String... parts) {
    assertTrue(answers.startsWith("HTTP/1.1 " + status), answers);
    for (String part : parts) {
      assertTrue(answers.contains(part), answers);
    }
  }

  @Test
  @DisplayName("A-81 A connection whose head doesn't come is closed without a word")
  void head() {
    requireHeadsCut();
  }

  private void requireHeadsCut() {
    for (String begun : List.of("", "G", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b")) {
      try (RawConnection slow = node.connect("127.0.0.1")) {
        slow.send(begun);
        assertEquals("", slow.untilClosed());
      }
    }
  }

  @Test
  @DisplayName("A-82 A body that doesn't come is refused as a problem with 408, and the connection closed")
  void body() {
    try (RawConnection slow = node.connect("127.0.0.1")) {
      slow.send(post("/api/v1/workers"));
      requireLast(slow.untilClosed(), "408", "\"reason\":\"request_timeout\"", "application/problem+json",
          "X-Request-Id: ", "onnection: close");
    }
  }

  @Test
  @DisplayName("A-82 On the faces for OpenAI's clients the refusal has their shape")
  void openAi() {
    try (RawConnection slow = node.connect("127.0.0.1")) {
      slow.send(post("/v1/chat/completions"));
      requireLast(slow.untilClosed(), "408", "\"code\":\"request_timeout\"", "\"type\":\"invalid_request_error\"",
          "X-Request-Id: ");
    }
  }

  @Test
  @DisplayName("A-82 A refused request's body has no more time than another's")
  void refused() {
    try (RawConnection slow = node.connect("127.0.0.1")) {
      slow.send(post("/api/v1/workers").replace("Bearer", "Nobody"));
      requireLast(slow.untilClosed(), "401", "missing_key");
    }
  }

  @Test
  @DisplayName("A-81 Quiet streams and quiet connections between requests outlive every deadline")
  void quiet() {
    try (Follower stream = node.follow("/api/v1/events/stream"); RawConnection kept = node.connect("127.0.0.1")) {
      stream.until(frame -> frame.event().equals("model.public_created"));
      String get = "GET /health/liveness HTTP/1.1\r\nHost: " + node.host() + "\r\n\r\n";
      kept.send(get);
      assertTrue(kept.answer().startsWith("HTTP/1.1 200"));
      // Two that begin later are cut one after the other, so all deadlines have passed for those.
      requireHeadsCut();
      kept.send(get);
      assertTrue(kept.answer().startsWith("HTTP/1.1 200"));
      node.post("/api/v1/workers", "{}");
      stream.until(frame -> frame.event().equals("worker.created"));
    }
  }

  @Test
  @DisplayName("A-A18 1,000 senders of slow heads and bodies are all cut, and whoever behaves is served meanwhile")
  void thousand() {
    attack(node, ATTACKERS, Duration.ofSeconds(30));
  }

  @Test
  @DisplayName("A node that waits for slow senders doesn't pass for one that cuts them")
  void mutant() {
    try (var patient = NodeUnderTest.started(
        Map.of("holdfast.listener.head-within", "1h", "holdfast.listener.body-patience", "1h"))) {
      assertThrows(ConditionTimeoutException.class, () -> attack(patient, 2 * ADDRESSES, Duration.ofSeconds(1)));
    }
  }

  private static void attack(NodeUnderTest node, int attackers, Duration within) {
    var attacking = new AtomicBoolean(true);
    var served = new AtomicInteger();
    List<RawConnection> slow = new ArrayList<>();
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
      while (attacking.get()) {
        assertEquals(200, node.get("/api/v1/workers").status());
        served.incrementAndGet();
      }
    });
    try {
      for (int i = 0; i < attackers; i++) {
        RawConnection one = node.connect("127.0.0." + (2 + i % ADDRESSES));
        one.send(i % 2 == 0 ? "GET / HTTP/1.1\r\n" : post(node, "/api/v1/workers"));
        slow.add(one);
      }
      int before = served.get();
      List<RawConnection> left = new ArrayList<>(slow);
      // Each sends a byte now and then, until it can't any more.
      await().atMost(within).pollInterval(Duration.ofMillis(50)).until(() -> {
        left.removeIf(one -> !one.send("x"));
        return left.isEmpty();
      });
      await().until(() -> served.get() > before || others.isDone());
      for (int i = 0; i < attackers; i++) {
        String told = slow.get(i).untilClosed();
        // What was told may be lost when the sender goes on sending; that it is told is proven above.
        assertTrue(told.isEmpty() || (i % 2 == 1 && told.startsWith("HTTP/1.1 408")), told);
      }
    } finally {
      attacking.set(false);
      others.join();
      slow.forEach(RawConnection::close);
    }
  }
}
