package dev.holdfast.http.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ScriptedModel;
import dev.holdfast.http.StreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A script played as a streamed chat completion, at the script's pace. */
final class ScriptedSource implements StreamSource {
  private final ScriptedModel.Script script;
  private final ScriptedChat.Completion completion;
  private final boolean usage;
  private Duration left;
  private int played;
  private boolean over;

  ScriptedSource(ScriptedModel.Script script, ScriptedChat.Completion completion, boolean usage) {
    this.script = script;
    this.completion = completion;
    this.usage = usage;
    this.left = script.pause();
  }

  /** A chat completion's events have no ids. */
  @Override
  public String start() {
    return "";
  }

  @Override
  public List<String> next() {
    if (played == script.deltas().size()) {
      over = true;
      return ending();
    }
    if (left.isPositive()) {
      return List.of();
    }
    left = script.pause();
    ScriptedModel.Delta delta = script.deltas().get(played++);
    Json members = Json.object(delta.reasoning() ? "reasoning_content" : "content", delta.text(), "role",
        played == 1 ? "assistant" : null);
    return List.of(frame(completion.chunk(members, null)));
  }

  private List<String> ending() {
    String finish = ScriptedChat.finish(script.end());
    if (finish == null) {
      return List.of(ChatFrames.error(ScriptedChat.failure(script.end())));
    }
    List<String> frames = new ArrayList<>();
    frames.add(frame(completion.chunk(Json.EMPTY_OBJECT, finish)));
    if (usage) {
      frames.add(frame(completion.usageChunk(ScriptedChat.usage(script))));
    }
    frames.add(ChatFrames.of(ChatFrames.DONE));
    return frames;
  }

  private static String frame(Json json) {
    return ChatFrames.of(json.text());
  }

  @Override
  public boolean isOver() {
    return over;
  }

  @Override
  public void await(Duration atMost) throws InterruptedException {
    Duration wait = left.compareTo(atMost) < 0 ? left : atMost;
    Thread.sleep(wait);
    left = left.minus(wait);
  }

  @Override
  public String error(String id, Reason reason) {
    return ChatFrames.error(reason);
  }

  @Override
  public String bye(String id) {
    return ChatFrames.error(Reason.NODE_DRAINING);
  }

  @Override
  public void close() {
    // A script holds nothing.
  }
}
