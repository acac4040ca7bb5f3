package dev.holdfast.http.relay.responses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import dev.holdfast.http.NodeUnderTest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Responses by the official client, which looks at every answer and event with its own checks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiResponsesTest {
  private final NodeUnderTest node = NodeUnderTest.started();
  private final OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl("http://" + node.host() + "/v1")
      .apiKey(node.adminKey()).maxRetries(0).build();

  @AfterAll
  void close() {
    client.close();
    node.close();
  }

  private static ResponseCreateParams.Builder ask(Map<String, Object> script) {
    return ResponseCreateParams.builder().model("scripted").input("hi")
        .putAdditionalBodyProperty("scripted", JsonValue.from(script));
  }

  private static String text(Response response) {
    return response.validate().output().stream().flatMap(item -> item.message().stream())
        .flatMap(message -> message.content().stream()).map(part -> part.asOutputText().text())
        .collect(Collectors.joining());
  }

  private List<ResponseStreamEvent> created(ResponseCreateParams params) {
    try (StreamResponse<ResponseStreamEvent> response = client.responses().createStreaming(params)) {
      return response.stream().map(ResponseStreamEvent::validate).toList();
    }
  }

  private List<ResponseStreamEvent> retrieved(String id, ResponseRetrieveParams params) {
    try (StreamResponse<ResponseStreamEvent> response = client.responses().retrieveStreaming(id, params)) {
      return response.stream().map(ResponseStreamEvent::validate).toList();
    }
  }

  private static String deltas(List<ResponseStreamEvent> events) {
    return events.stream().flatMap(event -> event.outputTextDelta().stream()).map(delta -> delta.delta())
        .collect(Collectors.joining());
  }

  @Test
  @DisplayName("The client creates a response, retrieves it, goes on with it and deletes it")
  void kept() {
    Response made = client.responses().create(ask(Map.of("text", "Hello world", "delay_ms", 0)).build());
    assertEquals("Hello world", text(made));
    assertEquals(ResponseStatus.COMPLETED, made.status().orElseThrow());
    assertTrue(made.usage().orElseThrow().outputTokens() > 0);
    assertEquals("Hello world", text(client.responses().retrieve(made.id())));
    Response next = client.responses().create(
        ask(Map.of("text", "More", "delay_ms", 0)).previousResponseId(made.id()).build());
    assertEquals(made.id(), next.previousResponseId().orElseThrow());
    assertEquals(1, client.responses().inputItems().list(next.id()).data().size());
    client.responses().delete(next.id());
    assertThrows(NotFoundException.class, () -> client.responses().retrieve(next.id()));
  }

  @Test
  @DisplayName("The client reads a response's stream, reasoning and all, kept or not")
  void streamed() {
    for (boolean store : List.of(true, false)) {
      List<ResponseStreamEvent> events = created(
          ask(Map.of("words", 3, "delay_ms", 0, "reasoning", "let me see")).store(store).build());
      assertEquals("word1 word2 word3", deltas(events));
      assertEquals("word1 word2 word3", text(events.getLast().completed().orElseThrow().response()));
      assertTrue(events.stream().anyMatch(ResponseStreamEvent::isReasoningTextDelta));
    }
  }

  @Test
  @DisplayName("The client follows a response in the background, goes on behind an event, and cancels another")
  void background() {
    Response made = client.responses().create(
        ask(Map.of("words", 20, "delay_ms", 5)).background(true).build());
    List<ResponseStreamEvent> all = retrieved(made.id(), ResponseRetrieveParams.none());
    assertEquals(20, deltas(all).split(" ").length);
    List<ResponseStreamEvent> rest = retrieved(made.id(), ResponseRetrieveParams.builder().startingAfter(7).build());
    assertEquals(all.subList(8, all.size()), rest);
    Response running = client.responses().create(ask(Map.of("words", 5_000, "delay_ms", 20)).background(true).build());
    client.responses().cancel(running.id());
    Awaitility.await().until(
        () -> client.responses().retrieve(running.id()).status().orElseThrow().equals(ResponseStatus.CANCELLED));
  }

  @Test
  @DisplayName("Errors have the status that the client knows")
  void errors() {
    assertThrows(NotFoundException.class, () -> client.responses().retrieve("resp_" + "0".repeat(32)));
    assertThrows(NotFoundException.class,
        () -> client.responses().create(ResponseCreateParams.builder().model("unknown").input("hi").build()));
    assertThrows(BadRequestException.class,
        () -> client.responses().create(ResponseCreateParams.builder().model("scripted").input(" ").build()));
  }
}
