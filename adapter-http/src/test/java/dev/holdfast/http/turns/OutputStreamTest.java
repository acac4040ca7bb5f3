package dev.holdfast.http.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.Streams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutputStreamTest {

  /** Sends an input that the script answers, and gives back its turn once it has started. */
  private static String turn(NodeUnderTest node, Json script) {
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    NodeUnderTest.Answer sent = node.post("/api/v1/workers/" + worker + "/inputs",
        Json.object("content", "hi", "options", Json.object("scripted", script)).text());
    assertEquals(200, sent.status(), sent.body());
    try (Follower events = node.follow("/api/v1/events/stream?worker_id=" + worker)) {
      return events.until(f -> f.event().equals("turn.started")).getLast().text("data", "turn_id");
    }
  }

  private static String output(String turn) {
    return "/api/v1/turns/" + turn + "/output";
  }

  private static String text(List<Follower.Frame> frames) {
    var text = new StringBuilder();
    frames.stream().filter(f -> f.event().equals("output.delta")).forEach(f -> text.append(f.text("text")));
    return text.toString();
  }

  @Test
  @DisplayName("A follower gets each record once, by its number, up to the end; then the stream closes")
  void follows() {
    try (var node = NodeUnderTest.started()) {
      String turn = turn(node, Json.object("text", "one two three", "reasoning", "hm", "delay_ms", 20));
      List<Follower.Frame> frames;
      try (Follower stream = node.follow(output(turn))) {
        frames = stream.until(_ -> false);
      }
      List<String> ids = frames.stream().map(Follower.Frame::id).toList();
      assertEquals(List.of("1.1", "1.2", "1.3", "1.4", "1.5", "1.6"), ids);
      assertEquals(List.of("output.attempt_started", "output.delta", "output.delta", "output.delta", "output.delta",
          "output.end"), frames.stream().map(Follower.Frame::event).toList());
      assertEquals("hmone two three", text(frames));
      assertEquals("reasoning", frames.get(1).text("channel"));
      assertEquals("completed", frames.getLast().text("outcome"));
      assertEquals(turn, frames.getFirst().text("turn_id"));
      assertEquals(1L, frames.getFirst().member("attempt"));
      assertEquals("end", frames.getLast().text("kind"));
    }
  }

  @Test
  @DisplayName("Last-Event-ID goes before after; the end of an ended turn is 204, what lies ahead is a conflict")
  void cursors() {
    try (var node = NodeUnderTest.started()) {
      String turn = turn(node, Json.object("words", 4, "delay_ms", 0));
      try (Follower stream = node.follow(output(turn))) {
        stream.until(_ -> false);
      }
      try (Follower stream = node.follow(output(turn) + "?after=1.1", "Last-Event-ID", "1.4")) {
        assertEquals(List.of("1.5", "1.6"), stream.until(_ -> false).stream().map(Follower.Frame::id).toList());
      }
      assertEquals(204, node.get(output(turn) + "?after=1.6").status());
      try (Follower stream = node.follow(output(turn), "Last-Event-ID", "1.6")) {
        assertEquals(204, stream.status());
      }
      NodeUnderTest.Answer ahead = node.get(output(turn) + "?after=2.1");
      assertEquals(409, ahead.status());
      assertEquals("cursor_ahead", ahead.text("reason"));
      assertEquals(400, node.get(output(turn) + "?after=nonsense").status());
      assertEquals(400, node.get(output(turn) + "?attempts=some").status());
      assertEquals("1.1", node.get(output(turn) + "?attempts=last&limit=1").text("next"));
      NodeUnderTest.Answer page = node.get(output(turn) + "?after=1.1&limit=2");
      assertEquals(List.of(2L, 3L), page.items().stream().map(item -> item.get("seq")).toList());
      assertEquals("1.3", page.text("next"));
      assertEquals(false, page.member("ended"));
      assertEquals(true, node.get(output(turn)).member("ended"));
      assertEquals(404, node.get(output("turn-00000000000000ff")).status());
    }
  }

  @Test
  @DisplayName("Output is content: a key without it is refused, another subject finds no turn")
  void content() {
    try (var node = NodeUnderTest.started()) {
      String turn = turn(node, Json.object("words", 1, "delay_ms", 0));
      String blind = node.key(Role.OPERATOR, "default", false);
      assertEquals("content_not_allowed", node.sendAs(blind, "GET", output(turn), null).text("reason"));
      String other = node.key(Role.CONSUMER, "other", true);
      assertEquals("turn_not_found", node.sendAs(other, "GET", output(turn), null).text("reason"));
    }
  }

  private static long lastSeq(NodeUnderTest node, String turn) {
    return node.get("/api/v1/turns/" + turn).member("attempts") instanceof List<?> attempts
        && attempts.getLast() instanceof Map<?, ?> attempt && attempt.get("last_output_seq") instanceof Long seq
            ? seq
            : 0;
  }

  @Test
  @DisplayName("A-A19 A reader who takes nothing is told that it was too slow; behind its last id nothing is lost or repeated")
  void slowReader() {
    try (var node = NodeUnderTest.started(Map.of("holdfast.stream.slow-after", "200ms"))) {
      // More than the kernel keeps for a connection (4 MiB where nobody changed it), or nobody would be slow.
      String word = "x".repeat(20_000) + " ";
      String turn = turn(node, Json.object("text", word.repeat(400), "delay_ms", 0));
      await().atMost(Duration.ofSeconds(30)).until(() -> node.get("/api/v1/turns/" + turn).member("outcome") != null);
      List<String> seen = new ArrayList<>();
      try (Follower stream = node.followWithLittleRoom(output(turn))) {
        await().atMost(Duration.ofSeconds(30)).until(() -> node.bean(Streams.class).slow() == 1);
        List<Follower.Frame> frames = stream.until(f -> f.event().equals("error"));
        assertEquals("slow_reader", frames.removeLast().text("reason"));
        assertNull(stream.next(), "the stream is closed");
        frames.forEach(frame -> seen.add(frame.id()));
      }
      long last = lastSeq(node, turn);
      assertTrue(seen.size() > 1 && seen.size() < last, "cut in the middle: " + seen.size() + " of " + last);
      // On a busy machine this reader may be too slow as well; then it goes on behind its own last id.
      for (int reconnections = 0; reconnections < 100 && !seen.getLast().equals("1." + last); reconnections++) {
        try (Follower stream = node.follow(output(turn), "Last-Event-ID", seen.getLast())) {
          stream.until(_ -> false).stream().filter(frame -> !frame.event().equals("error"))
              .forEach(frame -> seen.add(frame.id()));
        }
      }
      List<String> all = new ArrayList<>();
      for (long seq = 1; seq <= lastSeq(node, turn); seq++) {
        all.add("1." + seq);
      }
      assertEquals(all, seen);
    }
  }
}
