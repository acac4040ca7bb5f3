package dev.holdfast.cli.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.cli.DaemonProcess;
import dev.holdfast.domain.Json;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real daemon on each durable backend, killed in the middle of a response's stream. */
class ResponsesThroughKillTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String PATH = "/v1/responses";
  private static final int WORDS = 150;
  private static final Json SCRIPT = Json.object("words", WORDS, "delay_ms", 10);

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir
  private Path temp;

  private static HttpRequest.Builder request(DaemonProcess daemon, String path) {
    return HttpRequest.newBuilder(daemon.address().resolve(path)).timeout(PATIENCE)
        .header("Authorization", "Bearer " + daemon.key()).header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> create(DaemonProcess daemon, Json script, Object... more) throws Exception {
    List<Object> members = new ArrayList<>(List.of("model", "scripted", "input", "hi", "scripted", script));
    members.addAll(List.of(more));
    return send(request(daemon, PATH)
        .POST(HttpRequest.BodyPublishers.ofString(Json.object(members.toArray()).text())));
  }

  private static Map<String, @Nullable Object> ok(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return Json.parse(answer.body()).members();
  }

  /** Events as they come, to the end or until so many were seen; a connection that breaks is an end here, too. */
  private List<Json> events(DaemonProcess daemon, String id, long after, int most) throws Exception {
    String path = PATH + "/" + id + "?stream=true" + (after < 0 ? "" : "&starting_after=" + after);
    List<Json> seen = new ArrayList<>();
    HttpResponse<Stream<String>> answer =
        http.send(request(daemon, path).GET().build(), HttpResponse.BodyHandlers.ofLines());
    assertEquals(200, answer.statusCode());
    try (Stream<String> lines = answer.body()) {
      Iterator<String> each = lines.iterator();
      while (seen.size() < most && each.hasNext()) {
        String line = each.next();
        if (line.startsWith("data: ")) {
          seen.add(Json.parse(line.substring(6)));
        }
      }
    } catch (UncheckedIOException e) {
      // The daemon is gone.
    }
    return seen;
  }

  private static String type(Json event) {
    return String.valueOf(event.members().get("type"));
  }

  private static boolean isEnd(Json event) {
    return List.of("response.completed", "response.incomplete", "response.failed", "response.cancelled")
        .contains(type(event));
  }

  private static Map<?, ?> response(Json event) {
    return (Map<?, ?>) Objects.requireNonNull(event.members().get("response"));
  }

  private static void assertDense(List<Json> events) {
    for (int i = 0; i < events.size(); i++) {
      assertEquals((long) i, events.get(i).members().get("sequence_number"));
    }
  }

  @ParameterizedTest(
      name = "R-A38 on {0}: responses: kill -9 in mid-stream, starting_after continues, sequence numbers are equal on "
          + "re-read, one truthful end; cancel; previous_response_id continues, not-head is refused")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void killed(String store) throws Exception {
    try (DaemonProcess daemon = DaemonProcess.start(temp.resolve("data"), "--store", store)) {
      String id = String.valueOf(ok(create(daemon, SCRIPT, "background", true)).get("id"));
      List<Json> before = events(daemon, id, -1, 20);
      daemon.kill();
      daemon.restart();
      List<Json> all = new ArrayList<>(before);
      all.addAll(events(daemon, id, before.size() - 1, Integer.MAX_VALUE));

      assertDense(all);
      assertEquals("response.completed", type(all.getLast()));
      assertEquals(1, all.stream().filter(ResponsesThroughKillTest::isEnd).count());
      assertTrue(all.stream().filter(event -> type(event).equals("response.output_item.done")).count() > 1,
          "the item that the killed node had begun, and the whole one");
      assertEquals(all, events(daemon, id, -1, Integer.MAX_VALUE));
      assertWhole(all);
      assertEquals(Json.of(response(all.getLast())), Json.of(ok(send(request(daemon, PATH + "/" + id).GET()))));

      goOn(daemon, id);
      cancel(daemon);
      daemon.kill();
      daemon.restart();
      assertEquals(all, events(daemon, id, -1, Integer.MAX_VALUE));
    }
  }

  /** One item, with all that the model said, and its deltas say the same. */
  private static void assertWhole(List<Json> events) {
    List<?> output = (List<?>) Objects.requireNonNull(response(events.getLast()).get("output"));
    assertEquals(1, output.size());
    Map<?, ?> item = (Map<?, ?>) output.getFirst();
    assertEquals("completed", item.get("status"));
    Map<?, ?> part = (Map<?, ?>) ((List<?>) Objects.requireNonNull(item.get("content"))).getFirst();
    var said = new StringBuilder();
    for (Json event : events) {
      if (type(event).equals("response.output_text.delta")
          && Objects.equals(item.get("id"), event.members().get("item_id"))) {
        said.append(event.members().get("delta"));
      }
    }
    assertEquals(said.toString(), part.get("text"));
    assertEquals(WORDS, said.toString().split(" ").length);
  }

  private void goOn(DaemonProcess daemon, String id) throws Exception {
    Json quick = Json.object("text", "more", "delay_ms", 0);
    assertEquals("completed", ok(create(daemon, quick, "previous_response_id", id)).get("status"));
    HttpResponse<String> late = create(daemon, quick, "previous_response_id", id);
    assertEquals(409, late.statusCode());
    assertTrue(late.body().contains("previous_response_not_head"), late.body());
  }

  private void cancel(DaemonProcess daemon) throws Exception {
    String id = String.valueOf(
        ok(create(daemon, Json.object("words", 20_000, "delay_ms", 20), "background", true)).get("id"));
    events(daemon, id, -1, 10);
    ok(send(request(daemon, PATH + "/" + id + "/cancel").POST(HttpRequest.BodyPublishers.noBody())));
    Awaitility.await().atMost(PATIENCE).until(
        () -> "cancelled".equals(ok(send(request(daemon, PATH + "/" + id).GET())).get("status")));
    List<Json> all = events(daemon, id, -1, Integer.MAX_VALUE);
    assertDense(all);
    assertEquals("response.cancelled", type(all.getLast()));
  }
}
