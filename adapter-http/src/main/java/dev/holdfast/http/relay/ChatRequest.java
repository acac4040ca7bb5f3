package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.http.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A chat completion as it is asked for. Only what the node needs is looked at; the rest is the provider's business.
 *
 * @param members of the request, known to the node or not
 * @param usage whether a stream is to end with the tokens
 */
record ChatRequest(Map<String, @Nullable Object> members, String model, boolean stream, boolean usage) {

  /** @throws RefusalException when the body is no such request */
  static ChatRequest read(Json body) {
    Map<String, @Nullable Object> members = body.members();
    if (!(members.get("model") instanceof String model)) {
      throw invalid("model");
    }
    Object stream = members.get("stream");
    if (stream != null && !(stream instanceof Boolean)) {
      throw invalid("stream");
    }
    boolean usage = members.get("stream_options") instanceof Map<?, ?> options
        && Boolean.TRUE.equals(options.get("include_usage"));
    return new ChatRequest(members, model, Boolean.TRUE.equals(stream), usage);
  }

  /** The same request for a provider, which knows the model by another name. */
  Json to(String backendModel) {
    members.put("model", backendModel);
    return Json.of(members);
  }

  /** The texts of the messages, which is all that the script looks at. */
  List<ModelCall.Message> messages() {
    if (!(members.get("messages") instanceof List<?> list) || list.isEmpty()) {
      throw invalid("messages");
    }
    List<ModelCall.Message> messages = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> message) || !(message.get("role") instanceof String role)) {
        throw invalid("messages");
      }
      messages.add(new ModelCall.Message(role, text(message.get("content"))));
    }
    return messages;
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

  /** The member that directs the scripted model, as a model call's options. */
  Json script() {
    Object script = members.get("scripted");
    return script == null ? Json.EMPTY_OBJECT : Json.object("scripted", script);
  }

  private static RefusalException invalid(String field) {
    return new RefusalException(Outcome.invalid(field));
  }
}
