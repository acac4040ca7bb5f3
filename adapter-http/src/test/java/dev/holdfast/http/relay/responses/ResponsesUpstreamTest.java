package dev.holdfast.http.relay.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseId;
import dev.holdfast.http.NodeUnderTest;
import dev.holdfast.http.relay.FakeProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a provider is asked when a response is (spec ). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResponsesUpstreamTest {
  private final FakeProvider fake = new FakeProvider();
  private final NodeUnderTest node = NodeUnderTest.started();

  @BeforeAll
  void add() {
    node.bean(Models.class).add(NodeUnderTest.called(), FakeProvider.wanted("answers", fake.url("answers")), null)
        .orThrow();
  }

  @AfterAll
  void close() {
    node.close();
    fake.close();
  }

  private NodeUnderTest.Answer create(String body) {
    NodeUnderTest.Answer answer = node.post("/v1/responses", body);
    assertEquals(200, answer.status(), answer.body());
    return answer;
  }

  private static Map<String, String> said(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  @Test
  @DisplayName("R-50 A turn's model is told the instructions, what was given, the conversation so far and the input, and nothing else"
      + " of the request than is its business")
  void kept() throws InterruptedException {
    String first = create("{\"model\":\"answers\",\"instructions\":\"Be brief.\",\"max_output_tokens\":50,"
        + "\"temperature\":0.5,\"metadata\":{\"a\":\"b\"},\"text\":{\"format\":{\"type\":\"json_object\"}},\"unheard_of\":7,"
        + "\"input\":[{\"role\":\"user\",\"content\":\"one\"},{\"type\":\"message\",\"role\":\"assistant\","
        + "\"content\":[{\"type\":\"output_text\",\"text\":\"two\"}]},{\"role\":\"user\",\"content\":\"three\"}]}")
        .text("id");
    Map<String, @Nullable Object> asked = fake.lastRequest().json().members();
    assertEquals(List.of(said("system", "Be brief."), said("user", "one"), said("assistant", "two"),
        said("user", "three")), asked.get("messages"));
    assertEquals(50L, asked.get("max_tokens"));
    assertEquals(7L, asked.get("unheard_of"));
    assertEquals(Map.of("type", "json_object"), asked.get("response_format"));
    for (String ours : List.of("response", "metadata", "instructions", "input", "text", "store")) {
      assertFalse(asked.containsKey(ours), ours);
    }

    create(Json.object("model", "answers", "input", "four", "previous_response_id", first).text());
    assertEquals(
        List.of(said("user", "one"), said("assistant", "two"), said("user", "three"),
            said("assistant", "Hello wide world"), said("user", "four")),
        fake.lastRequest().json().members().get("messages"));
  }

  @Test
  @DisplayName("R-50 A direct call has tools, their calls and results, and images, as a chat completion has them")
  void direct() throws InterruptedException {
    create("{\"model\":\"answers\",\"store\":false,\"instructions\":\"Be brief.\",\"reasoning\":{\"effort\":\"low\"},"
        + "\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"},\"strict\":true}],"
        + "\"tool_choice\":{\"type\":\"function\",\"name\":\"f\"},"
        + "\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\",\"schema\":{\"type\":\"object\"}}},"
        + "\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"look\"},"
        + "{\"type\":\"input_image\",\"image_url\":\"data:x\"}]},{\"type\":\"reasoning\",\"summary\":[]},"
        + "{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{}\"},"
        + "{\"type\":\"function_call\",\"call_id\":\"c2\",\"name\":\"f\",\"arguments\":\"{}\"},"
        + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"1\"}]}");
    Map<String, @Nullable Object> asked = fake.lastRequest().json().members();
    assertEquals(Json.parse("[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":["
        + "{\"type\":\"text\",\"text\":\"look\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:x\"}}]},"
        + "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
        + "{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
        + "{\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
        + "{\"role\":\"tool\",\"content\":\"1\",\"tool_call_id\":\"c1\"}]").value(), asked.get("messages"));
    assertEquals(Json.parse("[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"},"
        + "\"strict\":true}}]").value(), asked.get("tools"));
    assertEquals(Json.parse("{\"type\":\"function\",\"function\":{\"name\":\"f\"}}").value(), asked.get("tool_choice"));
    assertEquals("low", asked.get("reasoning_effort"));
    assertEquals(
        Json.parse("{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"schema\":{\"type\":\"object\"}}}")
            .value(),
        asked.get("response_format"));
  }

  @Test
  @DisplayName("R-52 Calls of functions in a chat completion's chunks are items of their own, with their arguments piece by piece")
  void calls() {
    var answer = new DirectAnswer();
    List<ResponseEvent> events = new ArrayList<>(answer.begin());
    for (String delta : List.of(
        "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}",
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}",
        "{\"tool_calls\":[{\"index\":1,\"id\":\"c2\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]}")) {
      events.addAll(Objects.requireNonNull(
          answer.take("{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}")));
    }
    answer.take("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"tool_calls\"}]}");
    events.addAll(answer.end(Reason.UPSTREAM_CUT));
    var head = new ResponseHead(
        new ResponseId("resp_" + "0".repeat(32)), Instant.EPOCH, "m", Json.EMPTY_OBJECT, null);
    var frames = new ResponseFrames(head, ended -> answer.standing(ended, Instant.EPOCH));
    List<Json> told = events.stream().map(frames::of)
        .map(frame -> Json.parse(frame.lines().skip(1).findFirst().orElseThrow().substring(6))).toList();
    assertEquals(
        List.of("created", "in_progress", "output_item.added", "function_call_arguments.delta",
            "function_call_arguments.delta", "function_call_arguments.done", "output_item.done", "output_item.added",
            "function_call_arguments.delta", "function_call_arguments.done", "output_item.done", "completed"),
        told.stream().map(event -> String.valueOf(event.members().get("type")).substring("response.".length()))
            .toList());
    Map<?, ?> response = (Map<?, ?>) Objects.requireNonNull(told.getLast().members().get("response"));
    assertEquals(Json.parse("[{\"id\":\"fc_" + "0".repeat(32)
        + "_0\",\"type\":\"function_call\",\"status\":\"completed\","
        + "\"call_id\":\"c1\",\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"},{\"id\":\"fc_" + "0".repeat(32)
        + "_1\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"c2\",\"name\":\"g\",\"arguments\":\"{}\"}]")
        .value(), response.get("output"));
  }
}
