package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.access.InFlight;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Key;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InFlightTest {
  private static final String CHAT = "/v1/chat/completions";

  private final NodeUnderTest node = NodeUnderTest.started(Map.of("holdfast.stream.max-per-key", "2"));
  private final FakeProvider fake = new FakeProvider();
  private final InFlight inFlight = node.bean(InFlight.class);
  private final String key = node.key(new Key.Limits(List.of(), 2, null));

  @AfterEach
  void close() {
    node.close();
    fake.close();
  }

  private String body(String behaviour, boolean stream) {
    if (!behaviour.equals("scripted")) {
      node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted(behaviour, fake.url(behaviour)), null);
    }
    return Json.object("model", behaviour, "messages", List.of(Json.object("role", "user", "content", "hi")), "stream",
        stream).text();
  }

  private Socket open(String withKey, String body) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), node.port());
    socket.getOutputStream().write(("POST " + CHAT + " HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + withKey + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
        .getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private int count() {
    return inFlight.count(key.substring(4, 20));
  }

  @Test
  @DisplayName("A-86 A key has no more inferences at once than it may; others have theirs, and what ends makes room")
  void capacity() throws IOException {
    String drags = body("drags", true);
    try (Socket first = open(key, drags); Socket second = open(key, drags)) {
      assertTrue(first.isConnected() && second.isConnected());
      await().until(() -> count() == 2);
      NodeUnderTest.Answer refused = node.sendAs(key, "POST", CHAT, body("scripted", false));
      assertEquals(429, refused.status());
      assertEquals("5", refused.header("Retry-After"));
      assertTrue(refused.body().contains("\"code\":\"key_at_capacity\""), refused.body());
      assertEquals(200, node.post(CHAT, body("scripted", false)).status());
      assertEquals(2, count());
    }
    await().until(() -> inFlight.keys() == 0);
    assertEquals(200, node.sendAs(key, "POST", CHAT, body("scripted", false)).status());
  }

  @ParameterizedTest(name = "{0}, streamed {1}")
  @CsvSource({"answers,true", "answers,false", "scripted,true", "scripted,false", "cut,true", "garbage,true",
    "garbage,false", "s500,false", "s401,true", "binary,false", "moved,true"})
  @DisplayName("A-86 However an inference ends, its seat is given back once")
  void ends(String behaviour, boolean stream) {
    String body = body(behaviour, stream);
    for (int i = 0; i < 3; i++) {
      assertTrue(node.sendAs(key, "POST", CHAT, body).status() != 429);
      await().until(() -> inFlight.keys() == 0);
    }
  }

  @ParameterizedTest(name = "{0}, streamed {1}")
  @CsvSource({"drags,true", "mute,true", "silent,true", "silent,false"})
  @DisplayName("A-86 A caller who leaves gives the seat back")
  void leaves(String behaviour, boolean stream) throws IOException {
    String body = body(behaviour, stream);
    try (Socket caller = open(key, body)) {
      await().until(() -> caller.isConnected() && count() == 1 && fake.answering() == 1);
    }
    await().until(() -> inFlight.keys() == 0);
  }

  @Test
  @DisplayName("A-86 A stream that finds no room among the key's streams gives the seat back")
  void noRoom() throws IOException {
    String wide = node.key(new Key.Limits(List.of(), 9, null));
    String drags = body("drags", true);
    try (Socket first = open(wide, drags); Socket second = open(wide, drags)) {
      assertTrue(first.isConnected() && second.isConnected());
      await().until(() -> fake.answering() == 2);
      NodeUnderTest.Answer refused = node.sendAs(wide, "POST", CHAT, body("answers", true));
      assertTrue(refused.body().contains("too_many_streams"), refused.body());
      assertEquals(2, inFlight.count(wide.substring(4, 20)));
    }
    await().until(() -> inFlight.keys() == 0);
  }
}
