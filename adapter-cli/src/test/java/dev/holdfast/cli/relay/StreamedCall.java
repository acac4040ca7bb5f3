package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A streamed chat completion, read on a thread of its own as it comes. */
final class StreamedCall {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");
  private static final String DONE = "[DONE]";

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final CompletableFuture<HttpHeaders> head = new CompletableFuture<>();
  private final CompletableFuture<Boolean> broke = new CompletableFuture<>();

  StreamedCall(HttpClient http, DaemonProcess node, String model, String text) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(node.address() + "/v1/chat/completions"))
        .header("Authorization", "Bearer " + node.key()).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(Json.object("model", model, "stream", true, "messages",
            List.of(Json.object("role", "user", "content", text))).text()))
        .build();
    Thread.ofVirtual().start(() -> broke.complete(!read(http, request)));
  }

  /** @return whether the answer had an end that its connection knows of */
  private boolean read(HttpClient http, HttpRequest request) {
    try {
      HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      head.complete(HttpHeaders.of(answer.statusCode() == 200 ? answer.headers().map()
          : Map.of("status", List.of(Integer.toString(answer.statusCode()))), (_, _) -> true));
      try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          if (line.startsWith("data: ")) {
            events.add(line.substring(6));
          } else if (line.startsWith("{")) {
            events.add(line);
          }
        }
      }
      return true;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  boolean isOver() {
    return broke.isDone();
  }

  /** The words so far. */
  String text() {
    return events.stream().map(CONTENT::matcher).filter(matcher -> matcher.find()).map(matcher -> matcher.group(1))
        .collect(Collectors.joining());
  }

  private static String words(String stem, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> stem + i + " ").collect(Collectors.joining());
  }

  void awaitWords(String stem, int count) {
    await().atMost(PATIENCE).until(() -> text().equals(words(stem, count)));
  }

  void awaitEnd() {
    await().atMost(PATIENCE).until(this::isOver);
  }

  /** It came whole, from one provider alone. */
  void assertWhole(String provider, int count, int attempts) {
    awaitEnd();
    assertEquals(words(provider, count), text());
    assertEquals(DONE, events.getLast());
    assertEquals(provider, head.join().firstValue("X-Holdfast-Provider").orElse(""));
    assertEquals(Integer.toString(attempts), head.join().firstValue("X-Holdfast-Attempt").orElse(""));
    assertEquals(false, broke.join());
  }

  /** It ended behind so many words of one provider, and says that this is no end. */
  void assertCut(String provider, int count) {
    awaitEnd();
    assertEquals(words(provider, count), text());
    assertTrue(events.getLast().contains("\"code\":\"upstream_cut\""), events.getLast());
    assertFalse(events.contains(DONE));
  }

  /** Its connection broke behind so many words of one provider. */
  void assertBroken(String provider, int count) {
    awaitEnd();
    assertEquals(words(provider, count), text());
    assertFalse(events.contains(DONE));
    assertTrue(broke.join(), () -> "it has an end: " + events.getLast());
  }
}
