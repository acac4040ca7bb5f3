package dev.holdfast.http.relay.responses;

import dev.holdfast.application.turns.responses.Responses;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.responses.Response;
import dev.holdfast.domain.turns.responses.ResponseItem;
import dev.holdfast.domain.turns.responses.ResponseItem.Kind;
import dev.holdfast.domain.turns.responses.ResponseStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Responses and their items in OpenAI's form. Members that may be null are there also when they are. */
final class ResponseJson {
  private static final Json TEXT = Json.object("format", Json.object("type", "text"));

  private ResponseJson() {}

  /**
   * Where a response stands.
   *
   * @param reason why it didn't complete, a code, or null
   * @param usage as the provider counts it, or null where it doesn't
   */
  record Standing(ResponseStatus status, List<ResponseItem> items, @Nullable String reason, @Nullable String note,
      @Nullable Usage usage, @Nullable Instant endedAt) {

    static Standing begun(ResponseStatus status) {
      return new Standing(status, List.of(), null, null, null, null);
    }
  }

  static Json of(Responses.View view) {
    Response response = view.response();
    return of(ResponseHead.of(response), new Standing(
        response.status(), view.items(), view.reason(), view.note(), usage(response), endedAt(response)));
  }

  static @Nullable Usage usage(Response response) {
    Turn turn = response.turn();
    return turn == null || turn.isOpen() || turn.usage().equals(Usage.NONE) ? null : turn.usage();
  }

  static @Nullable Instant endedAt(Response response) {
    return response.turn() != null && response.turn().state() instanceof Turn.State.Ended ended ? ended.at() : null;
  }

  static Json of(ResponseHead head, Standing standing) {
    Map<String, @Nullable Object> asked = head.request().members();
    Map<String, @Nullable Object> members = new TreeMap<>();
    for (String name : List.of("instructions", "max_output_tokens", "max_tool_calls", "previous_response_id",
        "prompt_cache_key", "reasoning", "safety_identifier", "temperature", "top_p", "user")) {
      members.put(name, asked.get(name));
    }
    members.put("metadata", asked.getOrDefault("metadata", Map.of()));
    members.put("parallel_tool_calls", asked.getOrDefault("parallel_tool_calls", true));
    members.put("text", asked.getOrDefault("text", TEXT));
    members.put("tool_choice", asked.getOrDefault("tool_choice", "auto"));
    members.put("tools", asked.getOrDefault("tools", List.of()));
    members.put("truncation", asked.getOrDefault("truncation", "disabled"));
    members.put("id", head.id().value());
    members.put("object", "response");
    members.put("created_at", head.createdAt().getEpochSecond());
    members.put("model", head.model());
    members.put("background", head.isBackground());
    members.put("store", head.holdfast() != null);
    if (head.holdfast() != null) {
      members.put("holdfast", head.holdfast());
    }
    stand(members, head, standing);
    return Json.of(members);
  }

  private static void stand(Map<String, @Nullable Object> members, ResponseHead head, Standing standing) {
    String reason = standing.reason();
    ResponseStatus status = standing.status();
    members.put("status", status.text());
    members.put("output", standing.items().stream().map(item -> item(head, item)).toList());
    members.put("error", status == ResponseStatus.FAILED ? error(reason, standing.note()) : null);
    members.put("incomplete_details", status == ResponseStatus.INCOMPLETE && reason != null
        ? Json.object("reason", reason.equals(Reason.CONTENT_FILTERED.code()) ? "content_filter" : reason)
        : null);
    members.put("usage", standing.usage() == null ? null : usage(standing.usage()));
    members.put("completed_at", status == ResponseStatus.COMPLETED && standing.endedAt() != null
        ? standing.endedAt().getEpochSecond()
        : null);
  }

  private static Json error(@Nullable String code, @Nullable String note) {
    Reason reason = code == null ? Reason.EXECUTOR_FAILED : Reason.valueOf(code.toUpperCase(Locale.ROOT));
    return Json.object("code", reason.code(), "message", note == null ? reason.title() : note);
  }

  private static Json usage(Usage usage) {
    return Json.object("input_tokens", usage.inputTokens(), "output_tokens", usage.outputTokens(), "total_tokens",
        usage.inputTokens() + usage.outputTokens(), "input_tokens_details",
        Json.object("cached_tokens", 0, "cache_write_tokens", 0),
        "output_tokens_details", Json.object("reasoning_tokens", 0));
  }

  static String itemId(ResponseHead head, ResponseItem item) {
    String prefix = switch (item.kind()) {
      case Kind.Message _ -> "msg_";
      case Kind.Reasoning _ -> "rs_";
      case Kind.FunctionCall _ -> "fc_";
    };
    return prefix + head.id().digits() + "_" + item.index();
  }

  /** An item that has ended. */
  static Json item(ResponseHead head, ResponseItem item) {
    return item(head, item, item.whole() ? "completed" : "incomplete", List.of(part(item)));
  }

  /** An item that begins. */
  static Json begun(ResponseHead head, ResponseItem item) {
    return item(head, item, "in_progress", List.of());
  }

  private static Json item(ResponseHead head, ResponseItem item, String status, List<Json> parts) {
    String id = itemId(head, item);
    return switch (item.kind()) {
      case Kind.Message _ ->
        Json.object("id", id, "type", "message", "role", "assistant", "status", status, "content", parts);
      case Kind.Reasoning _ ->
        Json.object("id", id, "type", "reasoning", "status", status, "summary", List.of(), "content", parts);
      case Kind.FunctionCall(String call, String name) ->
        Json.object("id", id, "type", "function_call", "status", status,
            "call_id", call, "name", name, "arguments", item.text());
    };
  }

  static Json part(ResponseItem item) {
    return switch (item.kind()) {
      case Kind.Message _ -> Json.object(
          "type", "output_text", "text", item.text(), "annotations", List.of(), "logprobs", List.of());
      case Kind.Reasoning _ -> Json.object("type", "reasoning_text", "text", item.text());
      case Kind.FunctionCall _ -> Json.EMPTY_OBJECT;
    };
  }

  /** What the model was given to answer. */
  static Json inputItems(Response response, boolean oldestFirst) {
    List<Json> items = new ArrayList<>();
    response.given().items()
        .forEach(item -> items.add(message(response, items.size(), item.role().text(), item.content())));
    items.add(message(response, items.size(), "user", response.input().content()));
    List<Json> told = oldestFirst ? items : items.reversed();
    String first = String.valueOf(told.getFirst().members().get("id"));
    String last = String.valueOf(told.getLast().members().get("id"));
    return Json.object("object", "list", "data", told, "first_id", first, "last_id", last, "has_more", false);
  }

  private static Json message(Response response, int index, String role, String text) {
    String type = role.equals("assistant") ? "output_text" : "input_text";
    return Json.object("id", "msg_" + response.id().digits() + "_in" + index, "type", "message", "status", "completed",
        "role", role, "content", List.of(Json.object("type", type, "text", text)));
  }
}
