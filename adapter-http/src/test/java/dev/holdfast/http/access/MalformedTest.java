package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.RawConnection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads, targets and ends of requests that no route takes. */
class MalformedTest extends MalformedRequests {
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
  @DisplayName("A-A17 A malformed head is a 4xx with a reason on every route that takes a body, never a 500")
  void malformedHeads(String what, String head, String body) {
    for (Documented route : withBodies()) {
      String answer = send(route.method(), target(route), head, bytes(body));
      assertTrue(answer.startsWith("HTTP/"), route.name() + ", " + what);
      requireRefused(answer);
    }
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(strings = {"nonsense=1", "limit=%zz", "limit=%c3%28", "limit=1&limit=1", "=", "&&", "%00=1"})
  @DisplayName("A-A17 A malformed or unknown query is a 400 on every route of the own API")
  void malformedQueries(String query) {
    for (Documented route : routes) {
      if (route.path().startsWith("/api/v1/") && !isOfLines(route)) {
        String answer = send(route.method(), target(route) + "?" + query, "Content-Length: 2\r\n", bytes("{}"));
        requireRefused(answer);
        // Half an encoding is found already where the target is read.
        assertTrue(answer.contains("\"invalid_query\"") || answer.contains("\"malformed_request\""),
            route.name() + answer);
      }
    }
  }

  /** Requests of which it isn't certain where they end, and what is wrong with them. */
  static Stream<Arguments> doubtful() {
    return Stream.of(
        Arguments.of("Content-Length with Transfer-Encoding",
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("the same the other way round",
            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("two lengths", "Content-Length: 2\r\nContent-Length: 3\r\n", "{}"),
        Arguments.of("the same length twice", "Content-Length: 2\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a list of lengths", "Content-Length: 2, 2\r\n", "{}"),
        Arguments.of("a length with a plus", "Content-Length: +2\r\n", "{}"),
        Arguments.of("a length with a minus", "Content-Length: -2\r\n", "{}"),
        Arguments.of("a length with a space inside", "Content-Length: 2 0\r\n", "{}"),
        Arguments.of("a length in hex", "Content-Length: 0x2\r\n", "{}"),
        Arguments.of("a length beyond all numbers", "Content-Length: 99999999999999999999\r\n", "{}"),
        Arguments.of("an empty length", "Content-Length:\r\n", "{}"),
        Arguments.of("a folded value", "X-A: a\r\n b\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a folded length", "Content-Length:\r\n\t2\r\n", "{}"),
        Arguments.of("a space before the colon", "Content-Length : 2\r\n", "{}"),
        Arguments.of("a space before the name", " Content-Length: 2\r\n", "{}"),
        Arguments.of("a line without a colon", "Content-Length\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a bare LF", "X-A: a\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a bare CR", "X-A: a\rContent-Length: 2\r\n", "{}"),
        Arguments.of("a NUL", "X-A: \u0000\r\nContent-Length: 2\r\n", "{}"),
        Arguments.of("a vertical tab", "Transfer-Encoding: \u000bchunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("two codings in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a coding that is nearly chunked", "Transfer-Encoding: xchunked\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("chunked in quotes", "Transfer-Encoding: \"chunked\"\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("garbage behind a chunk's size", "Transfer-Encoding: chunked\r\n",
            "2;\u0001\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a bare LF behind a chunk's size", "Transfer-Encoding: chunked\r\n",
            "2\n{}\r\n0\r\n\r\n"),
        Arguments.of("more than the chunk's size", "Transfer-Encoding: chunked\r\n", "2\r\n{}x\r\n0\r\n\r\n"),
        Arguments.of("a good chunk and a broken size", "Transfer-Encoding: chunked\r\n",
            "2\r\n{}\r\nzz\r\n0\r\n\r\n"),
        Arguments.of("a chunk's size with a minus", "Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"),
        Arguments.of("a chunk's size beyond all numbers", "Transfer-Encoding: chunked\r\n",
            "fffffffffffffffff2\r\n{}\r\n0\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("doubtful")
  @DisplayName("A-A17 Where a request's end is in doubt it is refused, nothing behind it is read, and the connection closed")
  void smuggling(String what, String head, String body) {
    String behind = "GET /health/liveness HTTP/1.1\r\nHost: " + node.host() + "\r\n\r\n";
    try (RawConnection connection = node.connect("127.0.0.1")) {
      connection.send("POST /api/v1/workers HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
          + node.adminKey() + "\r\nContent-Type: application/json\r\n" + head + "\r\n" + body + behind);
      requireOneAnswer(what, "malformed_request", connection.untilClosed());
    }
  }

  private static void requireOneAnswer(String what, String reason, String answers) {
    requireRefused(answers);
    assertTrue(answers.contains("\"reason\":\"" + reason + "\""), what + ": " + answers);
    assertEquals(0, answers.lastIndexOf("HTTP/1."), what + ": " + answers);
  }

  @ParameterizedTest(name = "[{index}]")
  @ValueSource(strings = {"GET /health/liveness", "GET", "GET  /health/liveness HTTP/1.1",
    "GET /health/liveness HTTP/1.1 ", "GET /health/liveness  HTTP/1.1", "GET\t/health/liveness\tHTTP/1.1",
    "GET /health/liveness HTTP/1.1 x", "GET /health/liveness HTTP/2.0", "PRI * HTTP/2.0",
    "GET /health/liveness HTTP/0.9",
    "GET /health/liveness http/1.1", "GET /health/liveness HTTP/1.11", "GET /health/\u00e9 HTTP/1.1",
    "G\u0001T /health/liveness HTTP/1.1", "GET /health/liveness\u0000 HTTP/1.1", "\u0016\u0003\u0001"})
  @DisplayName("A-A17 A line that is no request of HTTP/1 is refused, nothing behind it is read, and the connection closed")
  void requestLines(String line) {
    try (RawConnection connection = node.connect("127.0.0.1")) {
      connection.send(line + "\r\nHost: " + node.host() + "\r\n\r\nGET /health/liveness HTTP/1.1\r\nHost: "
          + node.host() + "\r\n\r\n");
      requireOneAnswer(line, "malformed_request", connection.untilClosed());
    }
  }

  /** A head whose header lines have so many bytes with their ends. */
  private String head(int bytes) {
    String start = "Host: " + node.host() + "\r\nConnection: close\r\nX-A: ";
    return "GET /health/liveness HTTP/1.1\r\n" + start + "a".repeat(bytes - start.length() - 2) + "\r\n";
  }

  @Test
  @DisplayName("A-30 Headers of 8 KiB pass, one byte more doesn't, in one line or in many, whole or not")
  void headerLimit() {
    assertTrue(node.raw(head(8_192) + "\r\n").startsWith("HTTP/1.1 200"));
    String lines = "X-B: bbbbbbbbbbb\r\n".repeat(100);
    assertTrue(node.raw(head(8_192 - lines.length()) + lines + "\r\n").startsWith("HTTP/1.1 200"));
    for (String large : List.of(head(8_193) + "\r\n", head(8_193 - lines.length()) + lines + "\r\n",
        head(8_190) + "abc", head(20_000))) {
      try (RawConnection connection = node.connect("127.0.0.1")) {
        connection.send(large);
        String answer = connection.untilClosed();
        assertTrue(answer.startsWith("HTTP/1.1 431"), answer);
        requireOneAnswer("large", "headers_too_large", answer);
      }
    }
  }

  @Test
  @DisplayName("A-30 A head that is refused on a face for OpenAI's clients has their shape")
  void openAiHead() {
    String answer = node.raw("POST /v1/chat/completions HTTP/1.1\r\nHost: " + node.host() + "\r\nX-A: "
        + "a".repeat(9_000) + "\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 431") && answer.contains("\"code\":\"headers_too_large\""), answer);
  }

  @Test
  @DisplayName("A-A17 Behind a request that is refused for what it asks, the next one is answered")
  void pipelined() {
    String host = "Host: " + node.host() + "\r\n";
    try (RawConnection connection = node.connect("127.0.0.1")) {
      connection.send("POST /api/v1/nothing HTTP/1.1\r\n" + host + "Content-Length: 2\r\n\r\n{}"
          + "GET /api/v1/workers HTTP/1.1\r\nHost: evil.example\r\n\r\n"
          + "GET /health/liveness HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
      String answers = connection.untilClosed();
      assertTrue(answers.matches("(?s)HTTP/1.1 404.*HTTP/1.1 403.*HTTP/1.1 200.*"), answers);
    }
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
