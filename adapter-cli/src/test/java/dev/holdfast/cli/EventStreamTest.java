package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static final PrintStream NOWHERE =
      new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);

  private static List<String> read(StubNode node, int wanted, Duration patience) {
    List<String> seen = new ArrayList<>();
    new EventStream(new Client(node.url(), null, Duration.ofSeconds(5), null, _ -> {
    }),
        new Screen(NOWHERE, NOWHERE, false, false), patience, "/stream").read((name, data) -> {
          seen.add(name + " " + data);
          return seen.size() < wanted;
        });
    return seen;
  }

  private static List<String> lastEventIds(StubNode node) {
    return node.requests().stream().map(r -> String.valueOf(r.getRequestHeaders().getFirst("Last-Event-ID"))).toList();
  }

  @Test
  @DisplayName("a reader comes back with its last id after a broken stream, a silent node and one that is starting")
  void comesBack() {
    try (var node = new StubNode(
        StubNode.stream(": open\n\nretry: 2000\n\nid: 1.1\nevent: a\ndata: {}\n\nid: 1.2\nevent: b\nda"),
        StubNode.silence(),
        StubNode.problem(503, "node_starting"),
        StubNode.stream("id: 1.2\nevent: b\ndata: {\"x\":1}\n\nevent: bye\ndata: {}\n\n"),
        StubNode.stream("id: 1.3\nevent: c\ndata: {}\n\n"))) {
      assertEquals(List.of("a {}", "b {\"x\":1}", "c {}"), read(node, 3, Duration.ofSeconds(30)));
      assertEquals(List.of("null", "1.1", "1.1", "1.1", "1.2"), lastEventIds(node));
    }
  }

  @Test
  @DisplayName("a stream that has nothing more ends")
  void ends() {
    try (var node = new StubNode(StubNode.json(204, ""))) {
      assertEquals(List.of(), read(node, 3, Duration.ZERO));
    }
  }

  @Test
  @DisplayName("a refusal is not tried again")
  void refused() {
    try (var node = new StubNode(StubNode.problem(404, "turn_not_found"))) {
      Refusal refusal = assertThrows(Refusal.class, () -> read(node, 1, Duration.ofSeconds(30)));
      assertTrue(refusal.is(Reason.TURN_NOT_FOUND));
      assertEquals(1, node.requests().size());
    }
  }

  @Test
  @DisplayName("a node that stays away is given up")
  void givenUp() {
    try (var node = new StubNode(StubNode.silence())) {
      Refusal refusal = assertThrows(Refusal.class, () -> read(node, 1, Duration.ofMillis(1)));
      assertTrue(refusal.is(Reason.NODE_UNREACHABLE));
    }
  }

  @Test
  @DisplayName("a slow reader comes back, any other error of the stream ends it")
  void errors() {
    try (var node = new StubNode(
        StubNode.stream("id: 7\nevent: error\ndata: {\"reason\":\"slow_reader\"}\n\n"),
        StubNode.stream("event: error\ndata: {\"reason\":\"internal\"}\n\n"))) {
      Refusal refusal = assertThrows(Refusal.class, () -> read(node, 1, Duration.ofSeconds(30)));
      assertTrue(refusal.is(Reason.INTERNAL));
      assertEquals(Arrays.asList("null", "7"), lastEventIds(node));
    }
  }
}
