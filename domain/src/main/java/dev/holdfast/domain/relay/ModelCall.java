package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One call of a model for a turn.
 *
 * @param model by the name that callers use
 * @param viewer in whose eyes its providers are there
 * @param origin what the call is told by in a usage record: its turn
 * @param messages oldest first
 * @param options an object, passed to the provider's API beside the messages; its member {@code scripted} is for the
 *     scripted model alone
 */
public record ModelCall(String model, Viewer viewer, String origin, List<Message> messages, Json options) {
  public ModelCall {
    messages = List.copyOf(messages);
  }

  /** @param role system, user, assistant or tool */
  public record Message(String role, String content) {}

  /** As a streamed chat completion. What the node itself sets can't be set by options. */
  public InferenceRequest request() {
    Map<String, @Nullable Object> members = new TreeMap<>(options.members());
    Object maxOutput = members.remove("max_output_tokens");
    if (maxOutput != null) {
      members.put("max_tokens", maxOutput);
    }
    members.put("model", model);
    members.put("messages", messages.stream()
        .map(message -> Json.object("role", message.role(), "content", message.content())).toList());
    members.put("stream", true);
    members.put("stream_options", Json.object("include_usage", true));
    return new InferenceRequest(InferenceRequest.CHAT, Json.of(members), true);
  }
}
