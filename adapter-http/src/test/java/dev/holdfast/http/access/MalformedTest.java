package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedTest {
  private final NodeUnderTest node = NodeUnderTest.started();

  @AfterAll
  void close() {
    node.close();
  }

  /** An answer that is a refusal of the caller's, and gives nothing away. */
  private static void requireRefused(String answer) {
    assertTrue(answer.matches("(?s)HTTP/[0-9.]+ 4.*"), answer);
    assertFalse(answer.contains("Exception") || answer.contains("\tat ") || answer.contains("io.micronaut"), answer);
    assertTrue(answer.contains("urn:holdfast:problem:"), answer);
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("x-request-id"), answer);
  }

  private String post(String head, byte[] body) {
    var request = new ByteArrayOutputStream();
    request.writeBytes(("POST /api/v1/workers HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + node.adminKey() + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + head + "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    return node.raw(request.toByteArray());
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("garbage", bytes("not json at all"), "invalid_json"),
        Arguments.of("nothing", bytes(""), "invalid_json"),
        Arguments.of("a torn object", bytes("{\"model\":"), "invalid_json"),
        Arguments.of("text behind the value", bytes("{} {}"), "invalid_json"),
        Arguments.of("a byte order mark", bytes("\u00ef\u00bb\u00bf{}"), "invalid_json"),
        Arguments.of("a duplicate member", bytes("{\"model\":\"a\",\"model\":\"b\"}"), "invalid_json"),
        Arguments.of("a duplicate member, escaped", bytes("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}"), "invalid_json"),
        Arguments.of("depth 20 000", bytes("[".repeat(20_000) + "]".repeat(20_000)), "invalid_json"),
        Arguments.of("depth 65", bytes("{\"a\":".repeat(65) + "1" + "}".repeat(65)), "invalid_json"),
        Arguments.of("invalid UTF-8", bytes("{\"model\":\"\u00c3(\"}"), "invalid_json"),
        Arguments.of("an overlong slash", bytes("{\"model\":\"\u00c0\u00af\"}"), "invalid_json"),
        Arguments.of("UTF-16", "{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_16), "invalid_json"),
        Arguments.of("a control character", bytes("{\"model\":\"\u0001\"}"), "invalid_json"),
        Arguments.of("NaN", bytes("{\"model\":NaN}"), "invalid_json"),
        Arguments.of("a leading zero", bytes("{\"model\":01}"), "invalid_json"),
        Arguments.of("a huge number", bytes("{\"model\":1" + "0".repeat(100_000) + "}"), "invalid_json"),
        Arguments.of("a huge exponent", bytes("{\"model\":1e999999999}"), "invalid_json"),
        Arguments.of("a list", bytes("[]"), "invalid_request"),
        Arguments.of("null", bytes("null"), "invalid_request"),
        Arguments.of("a wrong type", bytes("{\"model\":7}"), "invalid_request"),
        Arguments.of("an unknown member", bytes("{\"modle\":\"a\"}"), "unknown_field"),
        Arguments.of("an unknown member inside", bytes("{\"intent\":{\"kind\":\"task\",\"objective\":\"x\",\"y\":1}}"),
            "unknown_field"),
        Arguments.of("an unknown kind", bytes("{\"intent\":{\"kind\":\"spy\"}}"), "invalid_request"));
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  @DisplayName("A-A17 A malformed body is a 4xx with a reason, never a 500")
  void malformedBodies(String what, byte[] body, String reason) {
    String answer = post("Content-Length: " + body.length + "\r\n", body);
    requireRefused(answer);
    assertTrue(answer.contains("\"reason\":\"" + reason + "\""), what + ": " + answer);
  }

  static Stream<Arguments> heads() {
    return Stream.of(
        Arguments.of("Content-Length with Transfer-Encoding",
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
        Arguments.of("a negative length", "Content-Length: -1\r\n", "{}"),
        Arguments.of("a length that is no number", "Content-Length: two\r\n", "{}"),
        Arguments.of("a bare CR in a value", "X-A: a\rb\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a NUL in a value", "X-A: a\u0000b\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a space before the colon", "X-A : a\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a broken chunk size", "Transfer-Encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("an unknown coding", "Transfer-Encoding: gzip, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a coded body", "Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a large header", "X-A: " + "a".repeat(9_000) + "\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("many headers", "X-A: aaaaaaaaaa\r\n".repeat(700) + "Content-Length: 2\r\n", "{}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("heads")
  @DisplayName("A-A17 A malformed head is a 4xx with a reason, never a 500")
  void malformedHeads(String what, String head, String body) {
    requireRefused(post(head, bytes(body)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"GET /api/v1/workers/%zz", "GET /api/v1/workers?limit=%zz", "GET /api/v1/workers?limit=%c3%28",
    "GET /api/v1/workers?limit=x", "GET /api/v1/workers?limit=-1", "GET /api/v1/workers?limit=99999999999999999999",
    "GET /api/v1/workers?limit=1&limit=2", "GET /api/v1/workers?nonsense=1", "GET /api/v1/workers?limit=257",
    "GET /api/v1/workers?after=x", "GET /api/v1/workers?status=asleep", "GET /api/v1/workers/x%2ftranscript",
    "GET /api/v1/workers/x%2Ftranscript", "GET /api/v1//workers", "GET /api/v1/workers/", "GET /api/v1/workers/..",
    "GET /api/v1/workers/../runtime", "GET /api/v1/workers/%2e%2e/runtime", "GET /api/v1/workers;a=b",
    "GET /api/v1/workers/a;b=c", "GET /api/v1/events?cursor=nonsense", "GET /api/v1/events?cursor=rt-1:0",
    "GET /api/v1/events/stream?cursor=rt-1:1", "GET /api/v1/turns/nobody/output", "GET /api/v1/workers/nobody",
    "GET /api/v1/workers/worker-00000001?runtime_id=rt-other", "GET /api/v1/workers/WORKER-00000001",
    "GET /api/v1/workers/%00", "GET nonsense", "GET *", "BREW /api/v1/workers", "GET /api/v1/workers HTTP/9.9",
    "GET /API/v1/workers", "HEAD /api/v1/workers", "TRACE /api/v1/workers", "CONNECT 127.0.0.1:1", "OPTIONS *"})
  @DisplayName("A-A17 A malformed target, query or method is a 4xx, never a 500")
  void malformedTargets(String line) {
    String answer = node.raw(line + (line.contains("HTTP/") ? "" : " HTTP/1.1") + "\r\nHost: " + node.host()
        + "\r\nAuthorization: Bearer " + node.adminKey() + "\r\nConnection: close\r\n\r\n");
    if (line.startsWith("HEAD")) {
      assertTrue(answer.startsWith("HTTP/1.1 405"), answer);
    } else {
      requireRefused(answer);
    }
  }

  @Test
  @DisplayName("A-A17 A body over the limit is refused for its size, told by its length or not")
  void tooLarge() {
    byte[] large = bytes("{\"model\":\"" + "a".repeat((10 << 20) + 1) + "\"}");
    assertTrue(post("Content-Length: " + large.length + "\r\n", new byte[0]).contains("body_too_large"));
    var chunked = new ByteArrayOutputStream();
    chunked.writeBytes(bytes(Integer.toHexString(large.length) + "\r\n"));
    chunked.writeBytes(large);
    chunked.writeBytes(bytes("\r\n0\r\n\r\n"));
    String answer = post("Transfer-Encoding: chunked\r\n", chunked.toByteArray());
    requireRefused(answer);
    assertTrue(answer.contains("body_too_large"), answer);
  }

  @Test
  @DisplayName("A-A17 Headers over the limit are refused with their own reason")
  void headersTooLarge() {
    String answer = post("X-A: " + "a".repeat(9_000) + "\r\nContent-Length: 2\r\n", bytes("{}"));
    assertTrue(answer.startsWith("HTTP/1.1 431") && answer.contains("headers_too_large"), answer);
  }

  @Test
  @DisplayName("A wrong method is told which methods the route has")
  void methods() {
    NodeUnderTest.Answer answer = node.send("DELETE", "/api/v1/workers", null);
    assertEquals(405, answer.status());
    assertEquals("GET, POST", answer.header("Allow"));
    assertEquals("method_not_allowed", answer.text("reason"));
  }
}
