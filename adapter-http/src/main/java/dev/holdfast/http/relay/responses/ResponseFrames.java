package dev.holdfast.http.relay.responses;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.responses.ResponseEvent;
import dev.holdfast.domain.turns.responses.ResponseItem;
import dev.holdfast.domain.turns.responses.ResponseItem.Kind;
import dev.holdfast.domain.turns.responses.ResponseStatus;
import dev.holdfast.http.relay.responses.ResponseJson.Standing;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The frames of a response's stream, in OpenAI's form. */
final class ResponseFrames {
  private final ResponseHead head;
  private final Function<ResponseEvent.Ended, Standing> ending;

  /** @param ending where the response stands at its end; asked once, for the last frame */
  ResponseFrames(ResponseHead head, Function<ResponseEvent.Ended, Standing> ending) {
    this.head = head;
    this.ending = ending;
  }

  String of(ResponseEvent event) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    String type = "response." + switch (event) {
      case ResponseEvent.Created _ -> {
        var status = head.isBackground() ? ResponseStatus.QUEUED : ResponseStatus.IN_PROGRESS;
        members.put("response", ResponseJson.of(head, Standing.begun(status)));
        yield "created";
      }
      case ResponseEvent.InProgress _ -> {
        members.put("response", ResponseJson.of(head, Standing.begun(ResponseStatus.IN_PROGRESS)));
        yield "in_progress";
      }
      case ResponseEvent.ItemAdded added -> {
        members.put("output_index", added.item().index());
        members.put("item", ResponseJson.begun(head, added.item()));
        yield "output_item.added";
      }
      case ResponseEvent.PartAdded added -> {
        placed(members, added.item());
        members.put("part", ResponseJson.part(added.item()));
        yield "content_part.added";
      }
      case ResponseEvent.Delta delta -> {
        placed(members, delta.item());
        members.put("delta", delta.text());
        yield text(members, delta.item()) + ".delta";
      }
      case ResponseEvent.TextDone done -> done(members, done.item());
      case ResponseEvent.PartDone done -> {
        placed(members, done.item());
        members.put("part", ResponseJson.part(done.item()));
        yield "content_part.done";
      }
      case ResponseEvent.ItemDone done -> {
        members.put("output_index", done.item().index());
        members.put("item", ResponseJson.item(head, done.item()));
        yield "output_item.done";
      }
      case ResponseEvent.Ended ended -> {
        members.put("response", ResponseJson.of(head, ending.apply(ended)));
        yield ended.status().text();
      }
    };
    members.put("type", type);
    members.put("sequence_number", event.sequence());
    return frame(type, Json.of(members));
  }

  private void placed(Map<String, @Nullable Object> members, ResponseItem item) {
    members.put("item_id", ResponseJson.itemId(head, item));
    members.put("output_index", item.index());
    switch (item.kind()) {
      case Kind.Message _,Kind.Reasoning _ -> members.put("content_index", 0);
      case Kind.FunctionCall _ -> {
        // It has no parts.
      }
    }
  }

  private String done(Map<String, @Nullable Object> members, ResponseItem item) {
    placed(members, item);
    members.put(item.kind() instanceof Kind.FunctionCall ? "arguments" : "text", item.text());
    return text(members, item) + ".done";
  }

  private static String text(Map<String, @Nullable Object> members, ResponseItem item) {
    return switch (item.kind()) {
      case Kind.Message _ -> {
        members.put("logprobs", List.of());
        yield "output_text";
      }
      case Kind.Reasoning _ -> "reasoning_text";
      case Kind.FunctionCall(_, String name) -> {
        members.put("name", name);
        yield "function_call_arguments";
      }
    };
  }

  /**
   * A stream that can't go on. It is no event of the response.
   *
   * @param last the number of the last event that was told, to go on behind; below 0 for none
   */
  static String error(Reason reason, long last) {
    Map<String, @Nullable Object> members = new TreeMap<>();
    members.put("type", "error");
    members.put("code", reason.code());
    members.put("message", reason.title());
    members.put("param", null);
    members.put("sequence_number", last);
    return frame("error", Json.of(members));
  }

  private static String frame(String event, Json data) {
    return "event: " + event + "\ndata: " + data.text() + "\n\n";
  }
}
