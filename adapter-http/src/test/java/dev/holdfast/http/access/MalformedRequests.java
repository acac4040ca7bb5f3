package dev.holdfast.http.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.http.NodeUnderTest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** A node, and requests that are written byte by byte. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class MalformedRequests {
  final NodeUnderTest node = NodeUnderTest.started();
  final List<Documented> routes = Documented.of(node);
  final Map<String, String> existing = existing();

  @AfterAll
  void close() {
    node.close();
  }

  /** An answer that is a refusal of the caller's, and gives nothing away. */
  static void requireRefused(String answer) {
    assertTrue(answer.matches("(?s)HTTP/[0-9.]+ 4.*"), answer);
    assertFalse(answer.contains("Exception") || answer.contains("\tat ") || answer.contains("io.micronaut"), answer);
    assertTrue(answer.contains("urn:holdfast:problem:") || answer.contains("\"error\":{"), answer);
    assertTrue(answer.toLowerCase(Locale.ROOT).contains("x-request-id"), answer);
  }

  /** Names of what is there, so that routes get as far as they can. */
  Map<String, String> existing() {
    String worker = node.post("/api/v1/workers", "{}").text("worker_id");
    return Map.of("id", worker, "name", "scripted", "key_id", node.adminKey().substring(4, 20));
  }

  String target(Documented route) {
    String target = route.path();
    for (Map.Entry<String, String> variable : existing.entrySet()) {
      target = target.replace("{" + variable.getKey() + "}", variable.getValue());
    }
    return target.replaceAll("\\{[a-z_]+}", "nobody");
  }

  List<Documented> withBodies() {
    return routes.stream().filter(route -> route.takesBody() && !isOfLines(route)).toList();
  }

  /** Its body is lines of JSON, under a type of their own. */
  static boolean isOfLines(Documented route) {
    return route.path().endsWith("/chunks");
  }

  String post(String head, byte[] body) {
    return send("POST", "/api/v1/workers", head, body);
  }

  String send(String method, String target, String head, byte[] body) {
    var request = new ByteArrayOutputStream();
    request.writeBytes((method + " " + target + " HTTP/1.1\r\nHost: " + node.host() + "\r\nAuthorization: Bearer "
        + node.adminKey() + "\r\nContent-Type: application/json\r\nConnection: close\r\n" + head + "\r\n")
        .getBytes(StandardCharsets.ISO_8859_1));
    request.writeBytes(body);
    return node.raw(request.toByteArray());
  }

  static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }
}
