package dev.holdfast.cli.access;

import dev.holdfast.domain.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Somebody who works on a node with a key, and remembers every call that was to change something. */
final class Member {
  private final HttpClient http;
  private final URI node;
  private final String key;
  private final Map<String, String> changes = new ConcurrentHashMap<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  Member(HttpClient http, URI node, String key) {
    this.http = http;
    this.node = node;
    this.key = key;
  }

  Json get(String path) throws InterruptedException {
    return call(request(path).build(), null);
  }

  /** @param action as the audit names it, or null for a call that it doesn't tell of */
  Json post(String path, Json body, @Nullable String action) throws InterruptedException {
    return call(request(path).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body.text())).build(), action);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).header("Authorization", "Bearer " + key)
        .timeout(Duration.ofSeconds(30));
  }

  private Json call(HttpRequest request, @Nullable String action) throws InterruptedException {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        failures.add(request.method() + " " + request.uri().getPath() + " " + answer.statusCode() + " "
            + answer.body());
        return Json.EMPTY_OBJECT;
      }
      if (action != null) {
        changes.put(answer.headers().firstValue("X-Request-Id").orElseThrow(), action);
      }
      boolean json = answer.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
      return json ? Json.parse(answer.body()) : Json.EMPTY_OBJECT;
    } catch (IOException e) {
      failures.add(request.method() + " " + request.uri().getPath() + " " + e);
      return Json.EMPTY_OBJECT;
    }
  }

  /** Action by request id. */
  Map<String, String> changes() {
    return Map.copyOf(changes);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  static String text(Json answer, String member) {
    return (String) Objects.requireNonNull(answer.members().get(member), () -> member + " in " + answer);
  }
}
