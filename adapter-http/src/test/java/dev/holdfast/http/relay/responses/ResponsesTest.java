package dev.holdfast.http.relay.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.access.Role;
import dev.holdfast.http.Follower;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.NodeUnderTest.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Responses over HTTP, of the scripted model (spec ). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesTest {
  private static final String PATH = "/v1/responses";
  private final NodeUnderTest node = NodeUnderTest.started();

  @AfterAll
  void close() {
    node.close();
  }

  private static Json script(Object... members) {
    return Json.object(members);
  }

  /** A request of the scripted model, with more members. */
  private static String asked(Object input, Json script, Object... more) {
    List<Object> members = new ArrayList<>(List.of("model", "scripted", "input", input, "scripted", script));
    members.addAll(List.of(more));
    return Json.object(members.toArray()).text();
  }

  private Answer create(Object input, Json script, Object... more) {
    Answer answer = node.post(PATH, asked(input, script, more));
    assertEquals(200, answer.status(), answer.body());
    return answer;
  }

  private Answer show(String id) {
    return node.get(PATH + "/" + id);
  }

  private Answer ended(String id) {
    return Awaitility.await().until(() -> show(id),
        answer -> !List.of("queued", "in_progress").contains(answer.text("status")));
  }

  private static String output(Answer answer) {
    return output(answer.member("output"));
  }

  /** The texts of the items that are messages. */
  private static String output(@Nullable Object items) {
    var text = new StringBuilder();
    for (Object item : (List<?>) Objects.requireNonNull(items)) {
      if (((Map<?, ?>) item).get("content") instanceof List<?> parts) {
        parts.forEach(part -> text.append(((Map<?, ?>) part).get("text")));
      }
    }
    return text.toString();
  }

  /** The events of a body of server-sent events. */
  private static List<Json> events(String body) {
    return body.lines().filter(line -> line.startsWith("data: ")).map(line -> Json.parse(line.substring(6))).toList();
  }

  private static List<Object> types(List<Json> events) {
    return events.stream().map(event -> Objects.requireNonNull(event.members().get("type"))).toList();
  }

  private static void assertDense(List<Json> events, long first) {
    for (int i = 0; i < events.size(); i++) {
      assertEquals(first + i, events.get(i).members().get("sequence_number"));
    }
  }

  private void assertWrong(String param, String body) {
    Answer answer = node.post(PATH, body);
    assertEquals(400, answer.status(), answer.body());
    Map<?, ?> error = (Map<?, ?>) Objects.requireNonNull(answer.member("error"));
    assertEquals(param, error.get("param"));
    assertEquals("invalid_request", error.get("code"));
  }

  @Test
  @DisplayName("R-50 A response that is kept is a turn of a new worker, and is found again as it was answered")
  void kept() {
    Answer made = create("hi", script("text", "Hello world", "delay_ms", 0), "metadata", Json.object("a", "b"),
        "instructions", "Be brief.");
    assertTrue(made.text("id").matches("resp_[0-9a-f]{32}"), made.body());
    assertEquals("completed", made.text("status"));
    assertEquals("Hello world", output(made));
    assertEquals("scripted", made.text("model"));
    assertEquals("Be brief.", made.text("instructions"));
    assertEquals(Map.of("a", "b"), made.member("metadata"));
    assertNull(made.member("error"));
    assertTrue(made.json().members().containsKey("error"), "null, and there");
    assertEquals(made.json(), show(made.text("id")).json());
    String worker = (String) ((Map<?, ?>) Objects.requireNonNull(made.member("holdfast"))).get("worker_id");
    Answer shown = node.get("/api/v1/workers/" + worker);
    assertEquals(Map.of("kind", "builtin", "name", "responses"), shown.member("profile"));
    Answer items = node.get(PATH + "/" + made.text("id") + "/input_items");
    assertEquals("hi", output(items.member("data")));
  }

  @Test
  @DisplayName("R-52 The events of a stream are numbered densely, and are the same whenever they are read and from wherever")
  void streamed() {
    String body =
        node.post(PATH, asked("hi", script("words", 3, "delay_ms", 0, "reasoning", "hm"), "stream", true)).body();
    List<Json> events = events(body);
    assertDense(events, 0);
    assertEquals(
        List.of("response.created", "response.in_progress", "response.output_item.added",
            "response.content_part.added"),
        types(events).subList(0, 4));
    assertEquals("response.completed", types(events).getLast());
    Map<?, ?> response = (Map<?, ?>) Objects.requireNonNull(events.getLast().members().get("response"));
    String id = String.valueOf(response.get("id"));
    assertEquals(show(id).json(), Json.of(response));
    String again = node.get(PATH + "/" + id + "?stream=true").body();
    assertEquals(events, events(again));
    for (int after = 0; after < events.size(); after++) {
      assertEquals(events.subList(after + 1, events.size()),
          events(node.get(PATH + "/" + id + "?stream=true&starting_after=" + after).body()));
    }
    assertEquals(List.of(), events(node.get(PATH + "/" + id + "?stream=true&starting_after=100000").body()));
  }

  @Test
  @DisplayName("R-52 A response in the background is followed while it grows; a reader who leaves ends nothing")
  void background() {
    Answer made = create("hi", script("words", 40, "delay_ms", 10), "background", true);
    String id = made.text("id");
    assertTrue(List.of("queued", "in_progress").contains(made.text("status")), made.body());
    assertEquals(true, made.member("background"));
    try (Follower reader = node.follow(PATH + "/" + id + "?stream=true")) {
      reader.until(frame -> frame.event().equals("response.output_text.delta"));
    }
    Answer done = ended(id);
    assertEquals("completed", done.text("status"));
    assertTrue(output(done).endsWith("word40"), output(done));
    List<Json> events = events(node.get(PATH + "/" + id + "?stream=true").body());
    assertDense(events, 0);
    assertEquals("response.completed", types(events).getLast());
  }

  @Test
  @DisplayName("R-53 Cancel ends the turn and answers the response as it is; a second one, and one of what has ended, change nothing")
  void cancelled() {
    String id = create("hi", script("words", 2_000, "delay_ms", 20), "background", true).text("id");
    try (Follower reader = node.follow(PATH + "/" + id + "?stream=true")) {
      reader.until(frame -> frame.event().equals("response.output_text.delta"));
      Answer asked = node.post(PATH + "/" + id + "/cancel", "{}");
      assertEquals(200, asked.status(), asked.body());
      List<Follower.Frame> rest = reader.until(frame -> frame.event().equals("response.cancelled"));
      assertEquals("cancelled", rest.getLast().text("response", "status"));
    }
    assertEquals("cancelled", ended(id).text("status"));
    assertEquals("cancelled", node.post(PATH + "/" + id + "/cancel", "{}").text("status"));
    String whole = create("hi", script("text", "yes", "delay_ms", 0)).text("id");
    assertEquals("completed", node.post(PATH + "/" + whole + "/cancel", "{}").text("status"));
  }

  @Test
  @DisplayName("R-50 A response goes on with the conversation of the previous one, which must be its worker's last")
  void goesOn() {
    Answer first = create(
        List.of(Json.object("role", "system", "content", "You are a parrot."),
            Json.object("role", "assistant", "content", "Squawk."), Json.object("role", "user", "content", "one")),
        script("text", "first", "delay_ms", 0));
    Answer second =
        create("two", script("text", "second", "delay_ms", 0), "previous_response_id", first.text("id"));
    assertEquals(first.text("id"), second.text("previous_response_id"));
    assertEquals(((Map<?, ?>) Objects.requireNonNull(first.member("holdfast"))).get("worker_id"),
        ((Map<?, ?>) Objects.requireNonNull(second.member("holdfast"))).get("worker_id"));
    Answer late = node.post(PATH, asked("x", script("delay_ms", 0), "previous_response_id", first.text("id")));
    assertEquals(409, late.status(), late.body());
    assertEquals("previous_response_not_head", ((Map<?, ?>) Objects.requireNonNull(late.member("error"))).get("code"));
    Answer unknown =
        node.post(PATH, asked("x", script("delay_ms", 0), "previous_response_id", "resp_" + "0".repeat(32)));
    assertEquals(404, unknown.status(), unknown.body());
    assertEquals("response_not_found", ((Map<?, ?>) Objects.requireNonNull(unknown.member("error"))).get("code"));
    Answer running = create("three", script("words", 2_000, "delay_ms", 20), "previous_response_id", second.text("id"),
        "background", true);
    Answer early = node.post(PATH, asked("x", script("delay_ms", 0), "previous_response_id", running.text("id")));
    assertEquals(409, early.status(), early.body());
    node.post(PATH + "/" + running.text("id") + "/cancel", "{}");
  }

  @Test
  @DisplayName("R-50 Another subject's response is not there, to be read, gone on with, cancelled or deleted")
  void foreign() {
    String id = create("hi", script("text", "mine", "delay_ms", 0)).text("id");
    String bob = node.key(Role.CONSUMER, "bob", true);
    for (String call : List.of("GET ", "GET /input_items", "POST /cancel", "DELETE ")) {
      String[] words = call.split(" ", 2);
      Answer answer = node.sendAs(bob, words[0], PATH + "/" + id + words[1], null);
      assertEquals(404, answer.status(), call + answer.body());
    }
    assertEquals(404, node.sendAs(bob, "GET", PATH + "/" + id + "?stream=true", null).status());
    assertEquals(404,
        node.sendAs(bob, "POST", PATH, asked("x", script("delay_ms", 0), "previous_response_id", id)).status());
    String own = node.sendAs(bob, "POST", PATH, asked("x", script("text", "his", "delay_ms", 0))).text("id");
    assertEquals("his", output(node.sendAs(bob, "GET", PATH + "/" + own, null)));
    assertEquals(404, node.get(PATH + "/nonsense").status());
  }

  @Test
  @DisplayName("R-50 A response that was deleted is not there any more; the last of its worker's ends the worker")
  void deleted() {
    Answer first = create("one", script("text", "first", "delay_ms", 0));
    Answer second = create("two", script("text", "second", "delay_ms", 0), "previous_response_id", first.text("id"));
    for (Answer one : List.of(first, second)) {
      Answer gone = node.send("DELETE", PATH + "/" + one.text("id"), null);
      assertEquals(true, gone.member("deleted"), gone.body());
      assertEquals(404, show(one.text("id")).status());
      assertEquals(404, node.send("DELETE", PATH + "/" + one.text("id"), null).status());
    }
    String worker = (String) ((Map<?, ?>) Objects.requireNonNull(first.member("holdfast"))).get("worker_id");
    assertEquals("cancelled", node.get("/api/v1/workers/" + worker).text("status"));
  }

  @Test
  @DisplayName("R-50 A response that isn't to be kept is a direct call, whole or streamed, and is not found again")
  void direct() {
    Answer whole = create("hi", script("text", "Hello world", "delay_ms", 0), "store", false);
    assertEquals("Hello world", output(whole));
    assertEquals("completed", whole.text("status"));
    assertEquals(false, whole.member("store"));
    assertFalse(whole.json().members().containsKey("holdfast"));
    assertEquals("scripted", whole.header("X-Holdfast-Provider"));
    assertTrue(whole.member("usage") instanceof Map<?, ?>, whole.body());
    assertEquals(404, show(whole.text("id")).status());
    List<Json> events = events(
        node.post(PATH, asked("hi", script("text", "Hello world", "delay_ms", 0), "store", false, "stream", true))
            .body());
    assertDense(events, 0);
    assertEquals("response.completed", types(events).getLast());
    Map<?, ?> response = (Map<?, ?>) Objects.requireNonNull(events.getLast().members().get("response"));
    assertEquals("Hello world", output(response.get("output")));
    assertTrue(response.get("usage") instanceof Map<?, ?>, "the provider's own count");
  }

  @Test
  @DisplayName("R-52 A cut answer is incomplete, a failed one failed with its reason, kept or not")
  void untold() {
    for (boolean store : List.of(true, false)) {
      Answer length = create("hi", script("length_after", 1, "words", 3, "delay_ms", 0), "store", store);
      assertEquals("incomplete", length.text("status"));
      assertEquals(Map.of("reason", "max_output_tokens"), length.member("incomplete_details"));
      List<Json> cut = events(node.post(PATH,
          asked("hi", script("cut_after", 1, "words", 3, "delay_ms", 0), "store", store, "stream", true)).body());
      assertEquals("response.incomplete", types(cut).getLast());
      List<Json> failed = events(node.post(PATH,
          asked("hi", script("fail_after", 0, "delay_ms", 0), "store", true, "stream", true)).body());
      assertEquals("response.failed", types(failed).getLast());
      Map<?, ?> response = (Map<?, ?>) Objects.requireNonNull(failed.getLast().members().get("response"));
      assertEquals("provider_failed", ((Map<?, ?>) Objects.requireNonNull(response.get("error"))).get("code"));
    }
  }

  @Test
  @DisplayName("R-54 What can't be had is refused in OpenAI's shape, with the member that is wrong")
  void wrong() {
    assertWrong("model", "{\"input\":\"hi\"}");
    assertWrong("input", "{\"model\":\"scripted\"}");
    assertWrong("input", "{\"model\":\"scripted\",\"input\":[]}");
    assertWrong("input", "{\"model\":\"scripted\",\"input\":\" \"}");
    assertWrong("input", "{\"model\":\"scripted\",\"input\":[{\"role\":\"assistant\",\"content\":\"x\"}]}");
    assertWrong("input[0].role", "{\"model\":\"scripted\",\"input\":[{\"role\":\"king\",\"content\":\"x\"}]}");
    assertWrong("input[0].type", "{\"model\":\"scripted\",\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]}");
    assertWrong("conversation", "{\"model\":\"scripted\",\"input\":\"x\",\"conversation\":\"conv_1\"}");
    assertWrong("store", "{\"model\":\"scripted\",\"input\":\"x\",\"store\":1}");
    assertWrong("tools",
        "{\"model\":\"scripted\",\"input\":\"x\",\"store\":false,\"tools\":[{\"type\":\"web_search\"}]}");
    assertWrong("tools", "{\"model\":\"scripted\",\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}]}");
    assertWrong("previous_response_id",
        "{\"model\":\"scripted\",\"input\":\"x\",\"store\":false,\"previous_response_id\":\"resp_1\"}");
    Answer unknown = node.post(PATH, "{\"model\":\"unknown\",\"input\":\"x\"}");
    assertEquals(404, unknown.status());
    assertEquals("model_not_found", ((Map<?, ?>) Objects.requireNonNull(unknown.member("error"))).get("code"));
  }
}
