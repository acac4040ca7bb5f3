package dev.holdfast.application.relay.scripted;

import dev.holdfast.domain.relay.ModelCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The texts of a chat completion's messages, which is all that the script looks at. */
final class ChatMessages {
  private ChatMessages() {}

  /** @return empty for what aren't messages */
  static Optional<List<ModelCall.Message>> read(@Nullable Object value) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      return Optional.empty();
    }
    List<ModelCall.Message> messages = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> message) || !(message.get("role") instanceof String role)) {
        return Optional.empty();
      }
      messages.add(new ModelCall.Message(role, text(message.get("content"))));
    }
    return Optional.of(messages);
  }

  private static String text(@Nullable Object content) {
    if (content instanceof String text) {
      return text;
    }
    var together = new StringBuilder();
    if (content instanceof List<?> parts) {
      for (Object part : parts) {
        if (part instanceof Map<?, ?> members && members.get("text") instanceof String text) {
          together.append(text);
        }
      }
    }
    return together.toString();
  }
}
