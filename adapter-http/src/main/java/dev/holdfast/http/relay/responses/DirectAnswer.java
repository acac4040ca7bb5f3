package dev.holdfast.http.relay.responses;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseFold;
import dev.holdfast.domain.turns.responses.ResponseItem;
import dev.holdfast.domain.turns.responses.ResponseItem.Kind;
import dev.holdfast.domain.turns.responses.ResponseStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A chat completion, whole or piece by piece, as the events of a response that isn't kept. */
final class DirectAnswer {
  private final ResponseFold fold = new ResponseFold();
  /** By their numbers in the completion. */
  private final Map<Object, Kind> calls = new TreeMap<>();
  private @Nullable String finish;
  private @Nullable Usage usage;
  private boolean produced;

  List<ResponseEvent> begin() {
    List<ResponseEvent> events = new ArrayList<>(fold.created());
    events.addAll(fold.started());
    return events;
  }

  /** @return the events of one chunk; null for what is none, or tells of an error */
  @Nullable
  List<ResponseEvent> take(String data) {
    try {
      return Json.read(data) instanceof Map<?, ?> chunk && chunk.get("error") == null && chunk.get("choices") != null
          ? take(chunk, "delta")
          : null;
    } catch (JsonException e) {
      return null;
    }
  }

  /** @param part the member of a choice that has what the model says */
  List<ResponseEvent> take(Map<?, ?> completion, String part) {
    if (completion.get("usage") instanceof Map<?, ?> counts && counts.get("prompt_tokens") instanceof Long input
        && counts.get("completion_tokens") instanceof Long output) {
      usage = new Usage(input, output);
    }
    List<ResponseEvent> events = new ArrayList<>();
    if (completion.get("choices") instanceof List<?> choices && !choices.isEmpty()
        && choices.getFirst() instanceof Map<?, ?> choice) {
      if (choice.get(part) instanceof Map<?, ?> message) {
        say(events, message);
      }
      finish = choice.get("finish_reason") instanceof String reason ? reason : finish;
    }
    return events;
  }

  private void say(List<ResponseEvent> events, Map<?, ?> message) {
    Object thought =
        message.get("reasoning_content") == null ? message.get("reasoning") : message.get("reasoning_content");
    add(events, ResponseItem.REASONING, thought);
    add(events, ResponseItem.MESSAGE, message.get("content"));
    add(events, ResponseItem.MESSAGE, message.get("refusal"));
    if (message.get("tool_calls") instanceof List<?> all) {
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i) instanceof Map<?, ?> call && call.get("function") instanceof Map<?, ?> function) {
          Long number = call.get("index") instanceof Long index ? index : Long.valueOf(i);
          Kind kind = calls.computeIfAbsent(number, _ -> new Kind.FunctionCall(
              String.valueOf(call.get("id")), String.valueOf(function.get("name"))));
          String arguments = function.get("arguments") instanceof String text ? text : "";
          produced = true;
          events.addAll(fold.delta(kind, arguments));
        }
      }
    }
  }

  private void add(List<ResponseEvent> events, Kind kind, @Nullable Object text) {
    if (text instanceof String said && !said.isEmpty()) {
      produced = true;
      events.addAll(fold.delta(kind, said));
    }
  }

  /** The provider has told its end, if not why. */
  void done() {
    finish = finish == null ? "stop" : finish;
  }

  /** The end of an answer that came whole. */
  List<ResponseEvent> end() {
    return end(Reason.UPSTREAM_CUT);
  }

  /** @param reason why nothing more comes, where the provider told no end of its own */
  List<ResponseEvent> end(Reason reason) {
    if (finish == null) {
      return fold.ended(produced ? ResponseStatus.INCOMPLETE : ResponseStatus.FAILED, reason.code(), null);
    }
    return switch (finish) {
      case "length" -> fold.ended(ResponseStatus.INCOMPLETE, Reason.MAX_OUTPUT_TOKENS.code(), null);
      case "content_filter" -> fold.ended(ResponseStatus.INCOMPLETE, Reason.CONTENT_FILTERED.code(), null);
      default -> fold.ended(ResponseStatus.COMPLETED, null, null);
    };
  }

  ResponseJson.Standing standing(ResponseEvent.Ended ended, Instant at) {
    return new ResponseJson.Standing(ended.status(), ended.items(), ended.reason(), ended.note(), usage, at);
  }
}
