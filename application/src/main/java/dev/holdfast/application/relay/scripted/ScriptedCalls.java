package dev.holdfast.application.relay.scripted;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.ScriptedModel;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers for the scripted provider, in the form in which a provider would; every other one is called by whoever is behind. */
public final class ScriptedCalls implements ProviderCalls {
  private final ProviderCalls others;
  private final Ids ids;
  private final InstantSource clock;

  public ScriptedCalls(ProviderCalls others, Ids ids, InstantSource clock) {
    this.others = others;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public ProviderAnswer call(PublicProvider provider, InferenceRequest request) throws InterruptedException {
    if (!provider.isScripted()) {
      return others.call(provider, request);
    }
    Map<String, @Nullable Object> members = request.body().members();
    Optional<List<ModelCall.Message>> messages = ChatMessages.read(members.get("messages"));
    if (!request.path().equals(InferenceRequest.CHAT) || messages.isEmpty()) {
      String field = messages.isEmpty() ? "messages" : "model";
      return error("the scripted model answers chat completions with messages", field);
    }
    Object directed = members.get("scripted");
    Json options = directed == null ? Json.EMPTY_OBJECT : Json.object("scripted", directed);
    ScriptedModel.Script script = ScriptedModel.script(messages.get(), options);
    if (script.deltas().isEmpty() && script.end() instanceof ModelEnd.Failed(_, String note)) {
      return new ProviderAnswer.Failed(false, Reason.PROVIDER_FAILED, note);
    }
    String model = String.valueOf(members.get("model"));
    var completion = new Completion("chatcmpl-" + ids.hex(24), clock.instant().getEpochSecond(), model);
    boolean usage = members.get("stream_options") instanceof Map<?, ?> wanted
        && Boolean.TRUE.equals(wanted.get("include_usage"));
    return request.streaming()
        ? new ProviderAnswer.Streamed(new ScriptedStream(script, completion, usage))
        : whole(script, completion);
  }

  private static ProviderAnswer error(String message, String field) {
    return new ProviderAnswer.Whole(400, "application/json", Json.object("error", Json.object("message", message,
        "type", "invalid_request_error", "param", field, "code", Reason.INVALID_REQUEST.code())).text());
  }

  private static ProviderAnswer whole(ScriptedModel.Script script, Completion completion)
      throws InterruptedException {
    Thread.sleep(script.pause().multipliedBy(script.deltas().size()));
    String finish = finish(script.end());
    if (finish == null) {
      Reason why = script.end() instanceof ModelEnd.Cut ? Reason.UPSTREAM_CUT : Reason.PROVIDER_FAILED;
      return new ProviderAnswer.Failed(false, why, note(script.end()));
    }
    String reasoning = text(script, true);
    Json message = Json.object("role", "assistant", "content", text(script, false), "reasoning_content",
        reasoning.isEmpty() ? null : reasoning);
    return new ProviderAnswer.Whole(200, "application/json",
        completion.whole(message, finish, usage(script)).text());
  }

  static String note(ModelEnd end) {
    return end instanceof ModelEnd.Failed(_, String note) ? note : "the script told the model to break off";
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

  static Json usage(ScriptedModel.Script script) {
    ModelEnd.Tokens told = switch (script.end()) {
      case ModelEnd.Finished(ModelEnd.Tokens tokens) -> tokens;
      case ModelEnd.LengthReached(ModelEnd.Tokens tokens) -> tokens;
      case ModelEnd.Filtered(ModelEnd.Tokens tokens) -> tokens;
      case ModelEnd.Failed _,ModelEnd.Cut _ -> null;
    };
    long input = told == null ? 0 : told.input();
    long output = told == null ? script.deltas().size() : told.output();
    return Json.object("prompt_tokens", input, "completion_tokens", output, "total_tokens", input + output);
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
}
