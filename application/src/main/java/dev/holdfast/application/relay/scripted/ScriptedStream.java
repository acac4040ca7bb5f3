package dev.holdfast.application.relay.scripted;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ScriptedModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;

/** A script played as a streamed chat completion, at the script's pace. */
final class ScriptedStream extends AnswerStream {
  private final ScriptedModel.Script script;
  private final ScriptedCalls.Completion completion;
  private final boolean usage;
  private final Queue<Piece> ending = new ArrayDeque<>();
  private Duration left;
  private int played;
  private boolean endings;
  private Piece last = ENDED;

  ScriptedStream(ScriptedModel.Script script, ScriptedCalls.Completion completion, boolean usage) {
    this.script = script;
    this.completion = completion;
    this.usage = usage;
    this.left = script.pause();
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    if (played == script.deltas().size()) {
      if (!endings) {
        endings = true;
        end();
      }
      Piece piece = ending.poll();
      return piece == null ? last : piece;
    }
    Duration wait = left.compareTo(atMost) < 0 ? left : atMost;
    Thread.sleep(wait);
    left = left.minus(wait);
    if (left.isPositive()) {
      return SILENT;
    }
    left = script.pause();
    ScriptedModel.Delta delta = script.deltas().get(played++);
    Json members = Json.object(delta.reasoning() ? "reasoning_content" : "content", delta.text(), "role",
        played == 1 ? "assistant" : null);
    return event(completion.chunk(members, null));
  }

  private void end() {
    String finish = ScriptedCalls.finish(script.end());
    if (finish == null) {
      boolean cut = script.end() instanceof ModelEnd.Cut;
      last = new Piece.Broken(cut ? Reason.UPSTREAM_CUT : Reason.PROVIDER_FAILED, ScriptedCalls.note(script.end()));
      return;
    }
    ending.add(event(completion.chunk(Json.EMPTY_OBJECT, finish)));
    if (usage) {
      ending.add(event(completion.usageChunk(ScriptedCalls.usage(script))));
    }
    ending.add(new Piece.Event("[DONE]"));
  }

  private static Piece event(Json data) {
    return new Piece.Event(data.text());
  }

  @Override
  public void close() {
    // A script holds nothing.
  }
}
