package dev.holdfast.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.relay.FakeProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyEndTest {
  private static final String STREAM = "/api/v1/events/stream";
  private static final Duration PROMISED = Duration.ofSeconds(1);
  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.stream.ping-every", "1h"));

  @AfterEach
  void close() {
    node.close();
  }

  private static String path(String key, String rest) {
    return "/api/v1/keys/" + key.substring(4, 20) + rest;
  }

  private static Follower.Frame opened(Follower reader) {
    return reader.until(frame -> frame.event().equals("model.public_created")).getLast();
  }

  @ParameterizedTest
  @CsvSource({"/revoke, key_revoked", "/rotate, key_expired"})
  @DisplayName("A-A8 (streams; links come with publishers) The end of a key ends its running streams within 1 s, and no other's")
  void ended(String how, String reason) {
    String key = node.key(Role.OBSERVER, "somebody", false);
    try (Follower other = node.follow(STREAM)) {
      List<Follower> readers = new ArrayList<>();
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        readers.add(node.followAs(key, STREAM));
        ids.add(opened(readers.getLast()).id());
      }
      assertEquals(200, node.post(path(key, how), "{}").status());
      long answered = System.nanoTime();
      for (Follower reader : readers) {
        List<Follower.Frame> rest = reader.until(frame -> frame.event().equals("error"));
        assertEquals(reason, rest.getLast().text("reason"));
        assertTrue(rest.getLast().id().compareTo(ids.removeFirst()) >= 0);
        assertNull(reader.next());
        reader.close();
      }
      // The rule's own figure; a stream that only heard of it at a ping would take an hour.
      assertTrue(System.nanoTime() - answered < PROMISED.toNanos());
      // A reader sees the end a moment before the node has counted it.
      await().until(() -> node.bean(Streams.class).open() == 1);
      assertTrue(!other.until(frame -> frame.event().startsWith("access.key_")).isEmpty());
    }
  }

  @Test
  @DisplayName("A-A8 A reader that takes nothing is closed as well when its key ends")
  void slowReader() {
    String key = node.key(Role.CONSUMER, "somebody", true);
    String worker = node.sendAs(key, "POST", "/api/v1/workers", "{}").text("worker_id");
    node.sendAs(key, "POST", "/api/v1/workers/" + worker + "/inputs",
        "{\"content\":\"hi\",\"options\":{\"scripted\":{\"words\":60000,\"delay_ms\":0}}}");
    String turn;
    try (Follower events = node.follow(STREAM + "?worker_id=" + worker)) {
      turn = events.until(f -> f.event().equals("turn.completed")).getLast().text("data", "turn_id");
    }
    Streams streams = node.bean(Streams.class);
    await().until(() -> streams.open() == 0);
    try (Follower _ = node.followWithLittleRoomAs(key, "/api/v1/turns/" + turn + "/output")) {
      assertEquals(1, streams.open());
      assertEquals(200, node.post(path(key, "/revoke"), "{}").status());
      await().atMost(Duration.ofSeconds(5)).until(() -> streams.open() == 0);
    }
    assertEquals(0, streams.slow());
  }

  @Test
  @DisplayName("A-A8 A streamed chat completion that waits for its model ends with an error when its key is revoked")
  void chat() {
    try (var fake = new FakeProvider()) {
      node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted("mute", fake.url("mute")), null);
      String key = node.key(Role.CONSUMER, "somebody", true);
      String body = Json.object("model", "mute", "stream", true, "messages",
          List.of(Json.object("role", "user", "content", "hi"))).text();
      CompletableFuture<NodeUnderTest.Answer> answer =
          CompletableFuture.supplyAsync(() -> node.sendAs(key, "POST", "/v1/chat/completions", body));
      await().until(() -> node.bean(Streams.class).open() == 1);
      node.post(path(key, "/revoke"), "{}");
      String told = answer.join().body();
      assertTrue(told.contains("key_revoked") && !told.contains("[DONE]"), told);
    }
  }

  @Test
  @DisplayName("A-50 A stream whose key expires ends at the next ping")
  void expires() {
    try (var pinging = NodeUnderTest.started(Map.of("holdfast.stream.ping-every", "50ms"))) {
      Instant tomorrow = Instant.now().plus(Duration.ofDays(1));
      String key = pinging.key(Role.OBSERVER, "somebody", false, tomorrow, null);
      try (Follower reader = pinging.followAs(key, STREAM)) {
        String last = opened(reader).id();
        pinging.bean(TestTime.class).set(Duration.ofDays(2));
        Follower.Frame end = Objects.requireNonNull(reader.next());
        assertEquals("error key_expired " + last, end.event() + " " + end.text("reason") + " " + end.id());
        assertNull(reader.next());
      }
    }
  }
}
