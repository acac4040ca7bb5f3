package dev.holdfast.http.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.http.NodeUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRelayTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final FakeProvider fake = new FakeProvider();

  @AfterEach
  void close() {
    node.close();
    fake.close();
  }

  private String body(String behaviour, boolean stream) {
    node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted(behaviour, fake.url(behaviour)), null);
    return Json.object("model", behaviour, "messages", List.of(Json.object("role", "user", "content", "hi")), "stream",
        stream).text();
  }

  private NodeUnderTest.Answer ask(String behaviour, boolean stream) {
    return node.post("/v1/chat/completions", body(behaviour, stream));
  }

  @Test
  @DisplayName("A streamed answer is the provider's, event by event, and ends with [DONE]")
  void streamed() {
    NodeUnderTest.Answer answer = ask("answers", true);
    assertEquals(200, answer.status());
    assertEquals("answers", answer.header("X-Holdfast-Provider"));
    assertTrue(answer.body().endsWith("data: [DONE]\n\n"), answer.body());
    assertFalse(answer.body().contains("backend-model"), answer.body());
    assertTrue(answer.body().contains("\"usage\":{"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "torn", "unfinished", "latergarbage", "garbage"})
  @DisplayName("A stream that is cut says so in its last event and never says [DONE]")
  void cut(String behaviour) {
    NodeUnderTest.Answer answer = ask(behaviour, true);
    assertEquals(200, answer.status());
    assertFalse(answer.body().contains("[DONE]"), answer.body());
    String last = answer.body().substring(answer.body().lastIndexOf("data: ") + 6).strip();
    Object error = Json.parse(last).members().get("error");
    assertEquals("upstream_cut", error instanceof Map<?, ?> members ? members.get("code") : null, last);
  }

  @Test
  @DisplayName("A stream without [DONE] whose answer had its end is whole")
  void noDone() {
    assertTrue(ask("nodone", true).body().endsWith("data: [DONE]\n\n"));
  }

  @ParameterizedTest(name = "{0}, streamed {1}: {2}")
  @CsvSource({"s400,false,400", "s401,true,502", "s404,false,404", "s429,true,429", "s500,false,500", "s503,true,503",
    "moved,false,502", "binary,false,502", "answers,false,200", "models,false,200"})
  @DisplayName("A provider's status is passed on unless it is about the node's key there, and an error has the shape that clients know")
  void statuses(String behaviour, boolean stream, int status) {
    NodeUnderTest.Answer answer = ask(behaviour, stream);
    assertEquals(status, answer.status(), answer.body());
    assertEquals(status >= 400, answer.json().members().containsKey("error"), answer.body());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = '|', value = {"{}|400|model", "{\"model\":7}|400|model",
    "{\"model\":\"scripted\"}|400|messages", "{\"model\":\"scripted\",\"messages\":[]}|400|messages",
    "{\"model\":\"scripted\",\"stream\":\"yes\"}|400|stream", "[]|400|model", "{\"model\":\"nope\"}|404|"})
  @DisplayName("A request that can't be has an error that names the parameter")
  void wrong(String body, int status, String param) {
    NodeUnderTest.Answer answer = node.post("/v1/chat/completions", body);
    assertEquals(status, answer.status(), answer.body());
    Object error = answer.member("error");
    assertEquals(param, error instanceof Map<?, ?> members ? members.get("param") : "none", answer.body());
  }

  @ParameterizedTest(name = "{0}, streamed {1}")
  @CsvSource({"drags,true", "mute,true", "silent,true", "silent,false"})
  @DisplayName("A caller who leaves closes the connection to the provider")
  void leaving(String behaviour, boolean stream) throws IOException {
    String body = body(behaviour, stream);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.getOutputStream().write(("POST /v1/chat/completions HTTP/1.1\r\nHost: " + node.host()
          + "\r\nAuthorization: Bearer " + node.adminKey() + "\r\nContent-Type: application/json\r\nContent-Length: "
          + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII));
      await().until(() -> fake.answering() == 1);
    }
    await().atMost(Duration.ofSeconds(2)).until(() -> fake.answering() == 0);
  }

  @Test
  @DisplayName("A provider that can't be reached is an error in the shape that clients know")
  void unreachable() {
    node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted("gone", "http://127.0.0.1:1/v1"), null);
    NodeUnderTest.Answer answer = node.post("/v1/chat/completions", "{\"model\":\"gone\",\"messages\":[]}");
    assertEquals(502, answer.status());
    Object error = answer.member("error");
    assertEquals(Map.of("code", "provider_failed", "message", "The provider failed", "type", "server_error"),
        error instanceof Map<?, ?> members
            ? Map.of("code", String.valueOf(members.get("code")), "message", String.valueOf(members.get("message")),
                "type", String.valueOf(members.get("type")))
            : Map.of());
  }
}
