package dev.holdfast.http.relay.responses;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.http.RefusalException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A response's request in the words of a chat completion, which is what providers speak. */
final class ChatOfResponse {
  /** Members that are the node's business, or mean nothing to a chat completion. */
  private static final Set<String> NOT_PASSED =
      Set.of("model", "input", "instructions", "previous_response_id", "store",
          "background", "stream", "stream_options", "metadata", "include", "truncation", "service_tier", "text",
          "reasoning",
          "tools", "tool_choice", "max_output_tokens", "max_tool_calls", "safety_identifier", "prompt_cache_key",
          "prompt_cache_retention", "conversation", "prompt", "messages", "max_tokens");

  private ChatOfResponse() {}

  static RefusalException wrong(String param) {
    return new RefusalException(Outcome.invalid(param));
  }

  /** What goes beside the messages. Members that are unknown here are the provider's business. */
  static Map<String, @Nullable Object> options(Map<String, @Nullable Object> request) {
    Map<String, @Nullable Object> chat = new TreeMap<>();
    request.forEach((name, value) -> {
      if (value != null && !NOT_PASSED.contains(name)) {
        chat.put(name, value);
      }
    });
    put(chat, "max_tokens", request.get("max_output_tokens"));
    if (request.get("reasoning") instanceof Map<?, ?> reasoning) {
      put(chat, "reasoning_effort", reasoning.get("effort"));
    }
    if (request.get("text") instanceof Map<?, ?> text) {
      put(chat, "verbosity", text.get("verbosity"));
      put(chat, "response_format", format(text.get("format")));
    }
    List<Json> tools = tools(request.get("tools"));
    if (tools.isEmpty()) {
      chat.remove("parallel_tool_calls");
    } else {
      chat.put("tools", tools);
      put(chat, "tool_choice", choice(request.get("tool_choice")));
    }
    return chat;
  }

  private static void put(Map<String, @Nullable Object> chat, String name, @Nullable Object value) {
    if (value != null) {
      chat.put(name, value);
    }
  }

  private static @Nullable Object format(@Nullable Object format) {
    if (!(format instanceof Map<?, ?> members) || "text".equals(members.get("type"))) {
      return null;
    }
    if (!"json_schema".equals(members.get("type"))) {
      return format;
    }
    return Json.object("type", "json_schema", "json_schema", Json.object("name", members.get("name"), "schema",
        members.get("schema"), "strict", members.get("strict"), "description", members.get("description")));
  }

  private static List<Json> tools(@Nullable Object value) {
    List<Json> tools = new ArrayList<>();
    if (value == null) {
      return tools;
    }
    if (!(value instanceof List<?> all)) {
      throw wrong("tools");
    }
    for (Object one : all) {
      // Of the other types none is the provider's: they are tools that OpenAI itself runs.
      if (!(one instanceof Map<?, ?> tool) || !"function".equals(tool.get("type"))) {
        throw wrong("tools");
      }
      tools.add(Json.object("type", "function", "function", Json.object("name", tool.get("name"), "description",
          tool.get("description"), "parameters", tool.get("parameters"), "strict", tool.get("strict"))));
    }
    return tools;
  }

  private static @Nullable Object choice(@Nullable Object value) {
    if (value == null || value instanceof String) {
      return value;
    }
    if (value instanceof Map<?, ?> members && "function".equals(members.get("type"))) {
      return Json.object("type", "function", "function", Json.object("name", members.get("name")));
    }
    throw wrong("tool_choice");
  }

  /** The messages of an input, a text or a list of items. */
  static List<Map<String, @Nullable Object>> messages(@Nullable Object input) {
    if (input instanceof String text) {
      return List.of(message("user", text));
    }
    if (!(input instanceof List<?> items) || items.isEmpty()) {
      throw wrong("input");
    }
    List<Map<String, @Nullable Object>> messages = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      if (!(items.get(i) instanceof Map<?, ?> item)) {
        throw wrong("input[" + i + "]");
      }
      add(messages, item, "input[" + i + "]");
    }
    return messages;
  }

  static Map<String, @Nullable Object> message(String role, @Nullable Object content) {
    Map<String, @Nullable Object> message = new TreeMap<>();
    message.put("role", role);
    message.put("content", content);
    return message;
  }

  private static void add(List<Map<String, @Nullable Object>> messages, Map<?, ?> item, String at) {
    switch (item.get("type") instanceof String type ? type : "message") {
      case "message" ->
        messages.add(message(role(item.get("role"), at), content(item.get("content"), at + ".content")));
      case "function_call" -> call(messages, item);
      case "function_call_output" -> {
        Map<String, @Nullable Object> result = message("tool", content(item.get("output"), at + ".output"));
        result.put("tool_call_id", item.get("call_id"));
        messages.add(result);
      }
      case "reasoning" -> {
        // What a model thought is no part of what it is told.
      }
      default -> throw wrong(at + ".type");
    }
  }

  /** Calls that were made together are of one message. */
  private static void call(List<Map<String, @Nullable Object>> messages, Map<?, ?> item) {
    Json call = Json.object("id", item.get("call_id"), "type", "function", "function",
        Json.object("name", item.get("name"), "arguments", item.get("arguments")));
    List<Object> calls = new ArrayList<>();
    if (!messages.isEmpty() && "assistant".equals(messages.getLast().get("role"))) {
      if (messages.getLast().get("tool_calls") instanceof List<?> before) {
        calls.addAll(before);
      }
    } else {
      messages.add(message("assistant", null));
    }
    calls.add(call);
    messages.getLast().put("tool_calls", calls);
  }

  private static String role(@Nullable Object role, String at) {
    return switch (role instanceof String text ? text : "") {
      case "user" -> "user";
      case "assistant" -> "assistant";
      case "system", "developer" -> "system";
      default -> throw wrong(at + ".role");
    };
  }

  /** A text where all parts are such, else parts as a chat completion has them. */
  private static Object content(@Nullable Object content, String at) {
    if (content instanceof String text) {
      return text;
    }
    if (!(content instanceof List<?> parts)) {
      throw wrong(at);
    }
    List<Json> chat = new ArrayList<>();
    var together = new StringBuilder();
    boolean textOnly = true;
    for (Object part : parts) {
      if (!(part instanceof Map<?, ?> members)) {
        throw wrong(at);
      }
      Object text = members.get("refusal") == null ? members.get("text") : members.get("refusal");
      if ("input_image".equals(members.get("type")) && members.get("image_url") instanceof String url) {
        textOnly = false;
        chat.add(Json.object("type", "image_url", "image_url",
            Json.object("url", url, "detail", members.get("detail"))));
      } else if (text instanceof String known) {
        together.append(known);
        chat.add(Json.object("type", "text", "text", known));
      } else {
        throw wrong(at);
      }
    }
    return textOnly ? together.toString() : chat;
  }
}
