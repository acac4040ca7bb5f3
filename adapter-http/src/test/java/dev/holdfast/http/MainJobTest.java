package dev.holdfast.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MainJobTest {
  @Test
  @DisplayName("A worker is created, gets an input, and its answer is followed to the end")
  void mainJob() {
    try (var node = NodeUnderTest.started()) {
      assertEquals(200, node.sendAs(null, "GET", "/health/readiness", null).status());
      var created = node.post("/api/v1/workers", "{\"intent\":{\"kind\":\"task\",\"objective\":\"sum up\"}}");
      assertEquals(200, created.status(), created.body());
      String worker = created.text("worker_id");
      var ack = node.post("/api/v1/workers/" + worker + "/inputs",
          "{\"content\":\"hello\",\"options\":{\"scripted\":{\"words\":5,\"delay_ms\":1}}}");
      assertEquals(200, ack.status(), ack.body());
      String turn;
      try (var events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
        var frames = events.until(f -> f.event().equals("turn.completed"));
        turn = frames.getLast().text("data", "turn_id");
      }
      try (var output = node.follow("/api/v1/turns/" + turn + "/output")) {
        List<Follower.Frame> frames = output.until(_ -> false);
        assertEquals("output.attempt_started", frames.getFirst().event());
        assertEquals("output.end", frames.getLast().event());
      }
    }
  }
}
