package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;

import dev.holdfast.domain.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Somebody who works with a node that may be killed and started again: what gets no answer is asked again, just the same. */
final class NodeClient {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int UNAVAILABLE = 503;

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
  private final URI node;
  private final String key;

  NodeClient(URI node, String key) {
    this.node = node;
    this.key = key;
  }

  record Answer(int status, Json body) {
    boolean isGood() {
      return status < 300;
    }

    /** The refusal's, or empty. */
    String reason() {
      return isGood() ? "" : Objects.requireNonNullElse(optionalText(body, "reason"), "");
    }
  }

  /** A client with a key of its own. */
  NodeClient withKey(String role, String subject) {
    Json made = good("making a key",
        call("POST", "/api/v1/keys", Json.object("role", role, "subject", subject, "label", role + " of " + subject,
            "requests_per_minute", 1_000_000), null));
    return new NodeClient(node, text(made, "key_text"));
  }

  String key() {
    return key;
  }

  URI node() {
    return node;
  }

  Json get(String path) {
    return good(path, call("GET", path, null, null));
  }

  /** Takes effect once, however often it has to be sent. */
  Json post(String path, Json body) {
    return good(path, call("POST", path, body, UUID.randomUUID().toString()));
  }

  private static Json good(String path, Answer answer) {
    if (!answer.isGood()) {
      throw new AssertionError(path + " answered " + answer.status() + " " + answer.body().text());
    }
    return answer.body();
  }

  /** The answer, whatever it says. */
  Answer call(String method, String path, @Nullable Json body, @Nullable String idempotencyKey) {
    HttpRequest.Builder request = request(path).timeout(Duration.ofSeconds(40)).method(method, body == null
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(body.text()));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (idempotencyKey != null) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    HttpRequest asked = request.build();
    var noAnswer = new AtomicReference<>("");
    try {
      return Objects.requireNonNull(await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).pollInSameThread()
          .until(() -> tried(asked, noAnswer), Objects::nonNull));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(method + " " + path + " was not answered: " + noAnswer.get(), e);
    }
  }

  private @Nullable Answer tried(HttpRequest request, AtomicReference<String> noAnswer) throws InterruptedException {
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == UNAVAILABLE) {
        noAnswer.set(answer.body());
        return null;
      }
      return new Answer(
          answer.statusCode(), answer.body().isEmpty() ? Json.EMPTY_OBJECT : Json.parse(answer.body()));
    } catch (IOException e) {
      noAnswer.set(e.toString());
      return null;
    }
  }

  /** A frame of an event stream. */
  record Frame(String id, String event, String data) {}

  interface Reader {
    /** @return whether it wants more */
    boolean take(Frame frame);
  }

  /** Reads a stream until the reader has enough; false when the connection broke, or never came about. */
  boolean read(String path, String lastId, Reader reader) throws InterruptedException {
    HttpRequest.Builder request = request(path).header("Accept", "text/event-stream");
    if (!lastId.isEmpty()) {
      request.header("Last-Event-ID", lastId);
    }
    try {
      HttpResponse<Stream<String>> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofLines());
      try (Stream<String> lines = answer.body()) {
        return answer.statusCode() == 200 && frames(lines, reader);
      }
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  private static boolean frames(Stream<String> lines, Reader reader) {
    String id = "";
    String event = "";
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ") && !reader.take(new Frame(id, event, line.substring(6)))) {
        return true;
      }
    }
    return false;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).header("Authorization", "Bearer " + key);
  }

  /** All items of a list, page by page. */
  List<Json> all(String path) {
    List<Json> found = new ArrayList<>();
    String next = "";
    while (next != null) {
      Json page = get(path + (path.contains("?") ? "&" : "?") + "limit=256" + (next.isEmpty() ? "" : "&after=" + next));
      found.addAll(items(page, "items"));
      next = optionalText(page, "next");
    }
    return found;
  }

  static String text(Json json, String member) {
    return Objects.requireNonNull(optionalText(json, member), () -> member + " in " + json.text());
  }

  static @Nullable String optionalText(Json json, String member) {
    Object value = json.members().get(member);
    return value == null ? null : value.toString();
  }

  static List<Json> items(Json json, String member) {
    List<Json> items = new ArrayList<>();
    if (json.members().get(member) instanceof List<?> list) {
      list.forEach(item -> items.add(object(item)));
    }
    return items;
  }

  static List<String> texts(Json json, String member) {
    List<String> texts = new ArrayList<>();
    if (json.members().get(member) instanceof List<?> list) {
      list.forEach(item -> texts.add(String.valueOf(item)));
    }
    return texts;
  }

  static Json member(Json json, String member) {
    return object(json.members().get(member));
  }

  @SuppressWarnings("unchecked")
  private static Json object(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? Json.of((Map<String, @Nullable Object>) map) : Json.EMPTY_OBJECT;
  }
}
