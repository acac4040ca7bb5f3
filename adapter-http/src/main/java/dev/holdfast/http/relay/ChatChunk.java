package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.relay.ModelEnd;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one event of a streamed chat completion says, as far as a turn needs it.
 *
 * @param finish the reason why the answer ended, on the event that says so
 * @param isError whether the event tells of a failure in place of an answer
 */
record ChatChunk(
    String text, String reasoning, @Nullable String finish, ModelEnd.@Nullable Tokens tokens, boolean isError) {

  /** @return empty when the data is not such an event */
  static Optional<ChatChunk> parse(String data) {
    Object value;
    try {
      value = Json.read(data);
    } catch (JsonException e) {
      return Optional.empty();
    }
    if (!(value instanceof Map<?, ?> chunk)) {
      return Optional.empty();
    }
    if (chunk.get("error") != null) {
      return Optional.of(new ChatChunk("", "", null, null, true));
    }
    if (!(chunk.get("choices") instanceof List<?> choices)) {
      return Optional.empty();
    }
    Map<?, ?> choice = !choices.isEmpty() && choices.getFirst() instanceof Map<?, ?> first ? first : Map.of();
    Map<?, ?> delta = choice.get("delta") instanceof Map<?, ?> members ? members : Map.of();
    String reasoning = text(delta, "reasoning_content");
    return Optional.of(new ChatChunk(text(delta, "content"), reasoning.isEmpty() ? text(delta, "reasoning") : reasoning,
        choice.get("finish_reason") instanceof String finish ? finish : null, tokens(chunk.get("usage")), false));
  }

  private static String text(Map<?, ?> members, String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  private static ModelEnd.@Nullable Tokens tokens(@Nullable Object usage) {
    return usage instanceof Map<?, ?> counts && counts.get("prompt_tokens") instanceof Long input
        && counts.get("completion_tokens") instanceof Long output
            ? new ModelEnd.Tokens(input, output)
            : null;
  }
}
