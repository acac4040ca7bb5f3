package dev.holdfast.http.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.embeddings.EmbeddingCreateParams;
import dev.holdfast.application.relay.Models;
import dev.holdfast.http.NodeUnderTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The official client, talking to the node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiClientTest {
  private final FakeProvider fake = new FakeProvider();
  private final NodeUnderTest node = NodeUnderTest.started();
  private OpenAIClient client = client("not-yet");

  @BeforeAll
  void connect() {
    client = client(node.adminKey());
    Models models = node.bean(Models.class);
    for (String behaviour : List.of("answers", "cut", "s429", "s500", "s404", "tools", "embeds")) {
      models.add(NodeUnderTest.called(), FakeProvider.wanted(behaviour, fake.url(behaviour)), null).orThrow();
    }
    FakeProvider gone = new FakeProvider();
    models.add(NodeUnderTest.called(), FakeProvider.wanted("gone", "http://127.0.0.1:1/v1"), null).orThrow();
    gone.close();
  }

  @AfterAll
  void close() {
    client.close();
    node.close();
    fake.close();
  }

  private OpenAIClient client(String key) {
    return OpenAIOkHttpClient.builder().baseUrl("http://" + node.host() + "/v1").apiKey(key).maxRetries(0).build();
  }

  private static ChatCompletionCreateParams.Builder ask(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("hi");
  }

  /** A streamed answer put together, and why it ended. */
  private record Streamed(String text, List<String> models, String finish, long completionTokens) {}

  private Streamed stream(ChatCompletionCreateParams params) {
    var text = new StringBuilder();
    var finish = new StringBuilder();
    var tokens = new long[1];
    List<String> models = new ArrayList<>();
    try (var response = client.chat().completions().createStreaming(params)) {
      response.stream().forEach(chunk -> {
        models.add(chunk.model());
        chunk.usage().ifPresent(usage -> tokens[0] = usage.completionTokens());
        chunk.choices().forEach(choice -> {
          choice.delta().content().ifPresent(text::append);
          choice.finishReason().ifPresent(finish::append);
        });
      });
    }
    return new Streamed(text.toString(), models.stream().distinct().toList(), finish.toString(), tokens[0]);
  }

  @Test
  @DisplayName("The client lists the models and finds one of them")
  void models() {
    List<String> names = client.models().list().data().stream().map(m -> m.id()).toList();
    assertEquals(List.of("answers", "cut", "embeds", "gone", "s404", "s429", "s500", "scripted", "tools"), names);
    assertEquals("scripted", client.models().retrieve("scripted").id());
    assertThrows(NotFoundException.class, () -> client.models().retrieve("unknown"));
  }

  @Test
  @DisplayName("A chat completion of a provider comes whole, under the name that the caller used")
  void whole() throws InterruptedException {
    ChatCompletion answer = client.chat().completions().create(
        ask("answers").putAdditionalBodyProperty("unheard_of", JsonValue.from(7)).build());
    assertEquals("Hello wide world", answer.choices().getFirst().message().content().orElseThrow());
    assertEquals("answers", answer.model());
    var members = fake.lastRequest().json().members();
    assertEquals("backend-model", members.get("model"));
    assertEquals(7L, members.get("unheard_of"));
  }

  @Test
  @DisplayName("A chat completion of a provider comes as a stream, under the name that the caller used")
  void streamed() {
    assertEquals(new Streamed("Hello wide world", List.of("answers"), "stop", 3), stream(ask("answers").build()));
  }

  @Test
  @DisplayName("The scripted model answers in the same form, whole and streamed, and does what the script says")
  void scripted() {
    var script = JsonValue.from(Map.of("words", 3, "delay_ms", 0));
    ChatCompletion whole =
        client.chat().completions().create(ask("scripted").putAdditionalBodyProperty("scripted", script).build());
    assertEquals("word1 word2 word3", whole.choices().getFirst().message().content().orElseThrow());
    assertEquals("stop", whole.choices().getFirst().finishReason().asString());
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    assertEquals(new Streamed("word1 word2 word3", List.of("scripted"), "stop", 3), stream(
        ask("scripted").putAdditionalBodyProperty("scripted", script).streamOptions(options).build()));
  }

  @Test
  @DisplayName("A stream that was cut ends with an error for the client, not with an end")
  void cut() {
    OpenAIException ours = assertThrows(OpenAIException.class, () -> stream(ask("scripted")
        .putAdditionalBodyProperty("scripted", JsonValue.from(Map.of("cut_after", 2, "delay_ms", 0))).build()));
    assertTrue(String.valueOf(ours.getMessage()).contains("cut"), ours.toString());
    assertThrows(OpenAIException.class, () -> stream(ask("cut").build()));
  }

  @Test
  @DisplayName("R-A39 the stock OpenAI client: tools are passed through untouched, whole and streamed, beside chat, stream, embeddings, models, error mapping")
  void tools() throws InterruptedException {
    var tools = JsonValue.from(List.of(Map.of("type", "function", "function", Map.of("name", "weather", "parameters",
        Map.of("type", "object", "x-unheard-of", true)))));
    var asked = ask("tools").putAdditionalBodyProperty("tools", tools).build();
    ChatCompletion answer = client.chat().completions().create(asked);
    assertEquals("tool_calls", answer.choices().getFirst().finishReason().asString());
    String call = answer.choices().getFirst().message().toolCalls().orElseThrow().getFirst().toString();
    assertTrue(call.contains("weather") && call.contains("{\"model\":\"town\"}"), call);
    assertEquals("tools", answer.model());
    assertTrue(fake.lastRequest().body().contains("x-unheard-of"));
    var calls = new StringBuilder();
    try (var response = client.chat().completions().createStreaming(asked)) {
      response.stream().forEach(chunk -> chunk.choices()
          .forEach(choice -> choice.delta().toolCalls().ifPresent(calls::append)));
    }
    assertTrue(calls.toString().contains("{\"model\":\"town\"}"), calls.toString());
  }

  @Test
  @DisplayName("Embeddings of a provider come as its client expects them")
  void embeddings() {
    var answer = client.embeddings().create(EmbeddingCreateParams.builder().model("embeds").input("a text").build());
    assertEquals(List.of(0.25f, -1.5f), answer.data().getFirst().embedding());
    assertEquals("embeds", answer.model());
  }

  @Test
  @DisplayName("Errors have the status and the type that the client knows")
  void errors() {
    assertThrows(RateLimitException.class, () -> client.chat().completions().create(ask("s429").build()));
    assertThrows(NotFoundException.class, () -> client.chat().completions().create(ask("unknown").build()));
    assertEquals(500, status("s500"));
    assertEquals(404, status("s404"));
    assertEquals(502, status("gone"));
    OpenAIClient stranger = client("hfk_wrong");
    assertThrows(UnauthorizedException.class, () -> stranger.models().list());
    stranger.close();
  }

  private int status(String model) {
    return assertThrows(OpenAIServiceException.class, () -> client.chat().completions().create(ask(model).build()))
        .statusCode();
  }
}
