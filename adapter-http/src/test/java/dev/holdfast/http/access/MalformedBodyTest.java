package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that no route takes. */
class MalformedBodyTest extends MalformedRequests {
  /** No JSON at all, so refused before anything is made of it. */
  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of("garbage", bytes("not json at all")),
        Arguments.of("nothing", bytes("")),
        Arguments.of("a torn object", bytes("{\"model\":")),
        Arguments.of("text behind the value", bytes("{} {}")),
        Arguments.of("a byte order mark", bytes("\u00ef\u00bb\u00bf{}")),
        Arguments.of("a duplicate member", bytes("{\"model\":\"a\",\"model\":\"b\"}")),
        Arguments.of("a duplicate member, escaped", bytes("{\"model\":\"a\",\"mod\\u0065l\":\"b\"}")),
        Arguments.of("depth 20 000", bytes("[".repeat(20_000) + "]".repeat(20_000))),
        Arguments.of("depth 65", bytes("{\"a\":".repeat(65) + "1" + "}".repeat(65))),
        Arguments.of("invalid UTF-8", bytes("{\"model\":\"\u00c3(\"}")),
        Arguments.of("an overlong slash", bytes("{\"model\":\"\u00c0\u00af\"}")),
        Arguments.of("UTF-16", "{\"model\":\"a\"}".getBytes(StandardCharsets.UTF_16)),
        Arguments.of("a control character", bytes("{\"model\":\"\u0001\"}")),
        Arguments.of("NaN", bytes("{\"model\":NaN}")),
        Arguments.of("a leading zero", bytes("{\"model\":01}")),
        Arguments.of("a huge number", bytes("{\"model\":1" + "0".repeat(100_000) + "}")),
        Arguments.of("a huge exponent", bytes("{\"model\":1e999999999}")));
  }

  static Stream<Arguments> bodies() {
    return Stream.of(
        Arguments.of("a list", bytes("[]"), "invalid_request"),
        Arguments.of("null", bytes("null"), "invalid_request"),
        Arguments.of("a wrong type", bytes("{\"model\":7}"), "invalid_request"),
        Arguments.of("an unknown member", bytes("{\"modle\":\"a\"}"), "unknown_field"),
        Arguments.of("an unknown member inside", bytes("{\"intent\":{\"kind\":\"task\",\"objective\":\"x\",\"y\":1}}"),
            "unknown_field"),
        Arguments.of("an unknown kind", bytes("{\"intent\":{\"kind\":\"spy\"}}"), "invalid_request"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unreadable")
  @DisplayName("A-A17 A body that is no JSON is invalid_json on every route that takes one, never a 500")
  void unreadableBodies(String what, byte[] body) {
    for (Documented route : withBodies()) {
      if (body.length == 0 && !route.needsBody()) {
        continue;
      }
      String answer = send(route.method(), target(route), "Content-Length: " + body.length + "\r\n", body);
      requireRefused(answer);
      assertTrue(answer.contains("\"invalid_json\""), route.name() + ", " + what + ": " + answer);
    }
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @ValueSource(
      strings = {"[]", "null", "7", "\"text\"", "{\"no_such_member\":1}", "{\"note\":{},\"model\":{},\"name\":[]}"})
  @DisplayName("A-A17 JSON of another shape than the route's is a 4xx on every route that takes a body, never a 500")
  void otherShapes(String json) {
    for (Documented route : withBodies()) {
      requireRefused(send(route.method(), target(route), "Content-Length: " + json.length() + "\r\n", bytes(json)));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  @DisplayName("A-A17 A malformed body is a 4xx with a reason, never a 500")
  void malformedBodies(String what, byte[] body, String reason) {
    String answer = post("Content-Length: " + body.length + "\r\n", body);
    requireRefused(answer);
    assertTrue(answer.contains("\"reason\":\"" + reason + "\""), what + ": " + answer);
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
}
