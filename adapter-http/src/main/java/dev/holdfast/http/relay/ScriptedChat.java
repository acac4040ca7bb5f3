package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.Provider;
import dev.holdfast.domain.relay.ScriptedModel;
import dev.holdfast.http.Answers;
import dev.holdfast.http.Departure;
import dev.holdfast.http.RequestIds;
import dev.holdfast.http.Streams;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.MutableHttpResponse;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The scripted model's chat completions, in the form in which a provider would give them. */
@Singleton
final class ScriptedChat {
  private final Streams streams;
  private final InstantSource clock;

  ScriptedChat(Streams streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  /** One completion under its id. */
  record Completion(String id, long created, String model) {
    Json chunk(Json delta, @Nullable String finish) {
      return Json.object("id", id, "object", "chat.completion.chunk", "created", created, "model", model, "choices",
          List.of(choice("delta", delta, finish)));
    }

    Json usageChunk(Json usage) {
      return Json.object("id", id, "object", "chat.completion.chunk", "created", created, "model", model, "choices",
          List.of(), "usage", usage);
    }

    Json whole(Json message, String finish, Json usage) {
      return Json.object("id", id, "object", "chat.completion", "created", created, "model", model, "choices",
          List.of(choice("message", message, finish)), "usage", usage);
    }

    /** A finish reason is told also while there is none, as OpenAI does. */
    private static Json choice(String name, Json content, @Nullable String finish) {
      Map<String, @Nullable Object> choice = new TreeMap<>();
      choice.put("index", 0);
      choice.put(name, content);
      choice.put("finish_reason", finish);
      choice.put("logprobs", null);
      return Json.of(choice);
    }
  }

  MutableHttpResponse<?> answer(Inference inference, Provider provider) throws InterruptedException {
    HttpRequest<?> request = inference.request();
    ChatRequest asked = inference.asked();
    ScriptedModel.Script script =
        ScriptedModel.script(new ModelCall(provider, asked.messages(), asked.script()));
    var completion = new Completion("chatcmpl-" + RequestIds.of(request), clock.instant().getEpochSecond(),
        asked.model());
    if (script.deltas().isEmpty() && script.end() instanceof ModelEnd.Failed) {
      return Answers.refused(request, Reason.PROVIDER_FAILED);
    }
    return asked.stream()
        ? streams.answer(request, inference.call().key().id(),
            inference.seated(() -> new ScriptedSource(script, completion, asked.usage())))
        : whole(request, script, completion);
  }

  private static MutableHttpResponse<?> whole(
      HttpRequest<?> request, ScriptedModel.Script script, Completion completion) throws InterruptedException {
    try (var _ = Departure.interrupts(request)) {
      Thread.sleep(script.pause().multipliedBy(script.deltas().size()));
    }
    String finish = finish(script.end());
    if (finish == null) {
      return Answers.refused(request, failure(script.end()));
    }
    String reasoning = text(script, true);
    Json message = Json.object("role", "assistant", "content", text(script, false), "reasoning_content",
        reasoning.isEmpty() ? null : reasoning);
    return Answers.ok(completion.whole(message, finish, usage(script)));
  }

  private static String text(ScriptedModel.Script script, boolean reasoning) {
    return script.deltas().stream().filter(delta -> delta.reasoning() == reasoning).map(ScriptedModel.Delta::text)
        .collect(Collectors.joining());
  }

  /** How OpenAI names the end of an answer; null where it has no true end. */
  static @Nullable String finish(ModelEnd end) {
    return switch (end) {
      case ModelEnd.Finished _ -> "stop";
      case ModelEnd.LengthReached _ -> "length";
      case ModelEnd.Filtered _ -> "content_filter";
      case ModelEnd.Failed _,ModelEnd.Cut _ -> null;
    };
  }

  static Reason failure(ModelEnd end) {
    return end instanceof ModelEnd.Cut ? Reason.UPSTREAM_CUT : Reason.PROVIDER_FAILED;
  }

  static Json usage(ScriptedModel.Script script) {
    long input = script.end() instanceof ModelEnd.Finished(ModelEnd.Tokens tokens) && tokens != null
        ? tokens.input()
        : 0;
    long output = script.deltas().size();
    return Json.object("prompt_tokens", input, "completion_tokens", output, "total_tokens", input + output);
  }
}
