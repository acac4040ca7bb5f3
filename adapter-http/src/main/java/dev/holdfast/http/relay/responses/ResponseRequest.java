package dev.holdfast.http.relay.responses;

import static dev.holdfast.http.relay.responses.ChatOfResponse.wrong;

import dev.holdfast.application.turns.responses.Responses;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.GivenContext;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.http.RefusalException;
import dev.holdfast.http.relay.FaceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A response as it is asked for (spec ).
 *
 * @param request the body without its input, to be told again
 * @param kept whether it is a turn, which outlives its call
 */
record ResponseRequest(String model, Map<String, @Nullable Object> body, Json request, boolean kept, boolean background,
    boolean streaming) {

  /** @throws RefusalException with the member that is wrong, or can't be had with the others */
  static ResponseRequest read(Json json) {
    Map<String, @Nullable Object> body = json.members();
    if (!(body.get("model") instanceof String model)) {
      throw wrong("model");
    }
    FaceRequest.known(model);
    for (String unsupported : List.of("conversation", "prompt")) {
      if (body.get(unsupported) != null) {
        throw wrong(unsupported);
      }
    }
    boolean background = flag(body, "background", false);
    boolean kept = background || flag(body, "store", true);
    var asked = new ResponseRequest(model, body, echo(body), kept, background, flag(body, "stream", false));
    text(body, "instructions");
    if (text(body, "previous_response_id") != null && !kept) {
      // What isn't kept has no conversation to go on with.
      throw wrong("previous_response_id");
    }
    return asked;
  }

  private static boolean flag(Map<String, @Nullable Object> body, String name, boolean absent) {
    Object value = body.get(name);
    if (value != null && !(value instanceof Boolean)) {
      throw wrong(name);
    }
    return value == null ? absent : (Boolean) value;
  }

  private static @Nullable String text(Map<String, @Nullable Object> body, String name) {
    Object value = body.get(name);
    if (value != null && !(value instanceof String)) {
      throw wrong(name);
    }
    return (String) value;
  }

  private static Json echo(Map<String, @Nullable Object> body) {
    Map<String, @Nullable Object> echo = new TreeMap<>(body);
    echo.remove("input");
    echo.values().removeIf(value -> value == null);
    return Json.of(echo);
  }

  /** The call that answers a response which isn't kept. */
  InferenceRequest direct() {
    Map<String, @Nullable Object> chat = ChatOfResponse.options(body);
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    String instructions = text(body, "instructions");
    if (instructions != null) {
      messages.add(ChatOfResponse.message("system", instructions));
    }
    messages.addAll(ChatOfResponse.messages(body.get("input")));
    chat.put("model", model);
    chat.put("messages", messages);
    if (streaming) {
      chat.put("stream", true);
      chat.put("stream_options", Json.object("include_usage", true));
    }
    return new InferenceRequest(InferenceRequest.CHAT, Json.of(chat), streaming);
  }

  /** What the turn of a response that is kept works on. */
  Responses.Wanted wanted() {
    Map<String, @Nullable Object> call = ChatOfResponse.options(body);
    if (call.containsKey("tools")) {
      // The turn would end with calls that nobody answers in it.
      throw wrong("tools");
    }
    List<Map<String, @Nullable Object>> messages = ChatOfResponse.messages(body.get("input"));
    if (messages.isEmpty() || !"user".equals(messages.getLast().get("role"))) {
      throw wrong("input");
    }
    List<ContextItem> items = new ArrayList<>();
    for (Map<String, @Nullable Object> message : messages) {
      if (!(message.get("content") instanceof String content) || "tool".equals(message.get("role"))
          || message.containsKey("tool_calls")) {
        throw wrong("input");
      }
      String role = String.valueOf(message.get("role"));
      items.add(new ContextItem(TranscriptEntry.Role.valueOf(role.toUpperCase(Locale.ROOT)), content));
    }
    return new Responses.Wanted(model, text(body, "previous_response_id"), items.getLast().content(),
        GivenContext.options(Json.of(call), items.subList(0, items.size() - 1), request));
  }
}
