package dev.holdfast.cli.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a node has kept and works on, so that a kill of it can be judged: a task that ended, one that was cancelled, one that is
 * answered whole, one that streams, and a turn. The latter three wait in the model servers of the pool.
 */
final class KeptWork {
  static final int HELD = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TASKS = "/api/v1/inference-tasks";

  private final HttpClient http;
  private final DaemonProcess node;
  /** Of the caller, who brings nothing but these tasks. */
  private final String key;
  private final String ended;
  private final String cancelled;
  private final String whole;
  private final String streamed;
  private final String worker;
  private final String turn;

  /** @param temp a folder for the caller's key */
  KeptWork(HttpClient http, DaemonProcess node, List<Laptop> laptops, Path temp) throws Exception {
    this.http = http;
    this.node = node;
    Path file = temp.resolve("caller.key");
    assertEquals(0, node.cli("key", "create", "--role", "consumer", "--subject", "bob", "--label", "caller", "--out",
        file.toString()).exitCode());
    key = Files.readString(file).strip();
    ended = submit("at once", false);
    await().atMost(PATIENCE).until(() -> state(ended).equals("completed"));
    cancelled = submit("hold:0", false);
    awaitHeld(laptops, 1);
    assertEquals("cancelled", text(call(key, "DELETE", TASKS + "/" + cancelled, null), "state"));
    // What is used is written behind the end, and a node that is killed loses what it has yet to write.
    await().atMost(PATIENCE).until(() -> used() == 2);
    release(laptops);
    awaitHeld(laptops, 0);
    whole = submit("hold:0", false);
    streamed = submit("hold:3", true);
    worker = text(call(node.key(), "POST", "/api/v1/workers", Json.object("model", Laptop.POOL)), "worker_id");
    String inputs = "/api/v1/workers/" + worker + "/inputs";
    String input = text(call(node.key(), "POST", inputs, Json.object("kind", "user", "content", "hold:3")), "input_id");
    awaitHeld(laptops, HELD);
    turn = text(call(node.key(), "GET", inputs + "/" + input, null), "turn_id");
  }

  private static void awaitHeld(List<Laptop> laptops, int count) {
    await().atMost(PATIENCE).until(() -> {
      int held = 0;
      for (Laptop laptop : laptops) {
        held += laptop.upstream().held();
      }
      return held == count;
    });
  }

  private static void release(List<Laptop> laptops) throws IOException, InterruptedException {
    for (Laptop laptop : laptops) {
      laptop.upstream().release();
    }
  }

  private Json call(String as, String method, String path, @Nullable Json body) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(node.address() + path))
        .header("Authorization", "Bearer " + as).header("Content-Type", "application/json")
        .method(method, body == null
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.text()))
        .build();
    HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 300, () -> path + " answered " + answer.body());
    return Json.parse(answer.body());
  }

  private String submit(String text, boolean streaming) throws Exception {
    Json request = Json.object("messages", List.of(Json.object("role", "user", "content", text)));
    return text(call(key, "POST", TASKS,
        Json.object("model", Laptop.POOL, "request", request, "streaming", streaming)), "task_id");
  }

  private Json task(String id) throws Exception {
    return call(key, "GET", TASKS + "/" + id, null);
  }

  private String state(String id) throws Exception {
    return text(task(id), "state");
  }

  private Json turn() throws Exception {
    return call(node.key(), "GET", "/api/v1/turns/" + turn, null);
  }

  private static String text(Json json, String member) {
    return String.valueOf(json.members().get(member));
  }

  private static List<?> list(Json json, String member) {
    return (List<?>) Objects.requireNonNull(json.members().get(member));
  }

  /** The caller's records of use. */
  private long used() throws Exception {
    return calls(call(key, "GET", "/api/v1/usage", null), "");
  }

  /** Those under no key: turns are the only ones. */
  private long usedByTurns() throws Exception {
    return calls(call(node.key(), "GET", "/api/v1/usage?group_by=key", null), "");
  }

  private static long calls(Json sums, String group) {
    return list(sums, "items").stream().filter(sum -> group.equals(((Map<?, ?>) sum).get("group")))
        .mapToLong(sum -> ((Map<?, ?>) sum).get("calls") instanceof Long calls ? calls : -1).sum();
  }

  /** Lets the model servers go on, those that still work for lost attempts, too, until all has ended. */
  void awaitEnds(List<Laptop> laptops) {
    await().atMost(PATIENCE).until(() -> {
      release(laptops);
      return state(whole).equals("completed") && state(streamed).equals("completed")
          && text(turn(), "outcome").equals("completed");
    });
  }

  /** What was under way came to its one end in a second attempt; what had ended is as it was; each was used once. */
  void assertEndedOnce() throws Exception {
    for (String id : List.of(whole, streamed)) {
      assertEquals("2 200", text(task(id), "epoch") + " " + text(task(id), "status"));
    }
    assertTrue(text(task(whole), "body").contains("whole"));
    assertEquals("completed 1", state(ended) + " " + text(task(ended), "epoch"));
    assertEquals("cancelled 1", state(cancelled) + " " + text(task(cancelled), "epoch"));
    assertEquals(2, list(turn(), "attempts").size());
    List<?> entries = list(call(node.key(), "GET", "/api/v1/workers/" + worker + "/transcript", null), "items");
    assertEquals(2, entries.size(), "what was asked, and one answer");
    String answer = String.valueOf(((Map<?, ?>) entries.getLast()).get("content"));
    String by = answer.substring(0, 1);
    assertEquals(IntStream.rangeClosed(1, Laptop.WORDS).mapToObj(i -> by + i).collect(Collectors.joining(" ")),
        answer.strip(), "of one provider alone");
    // What the turn's first attempt used went with the node.
    await().atMost(PATIENCE).until(() -> used() >= 4 && usedByTurns() >= 1);
    assertEquals("4 1", used() + " " + usedByTurns());
  }
}
