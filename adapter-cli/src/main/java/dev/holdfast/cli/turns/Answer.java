package dev.holdfast.cli.turns;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Screen;
import dev.holdfast.cli.turns.timeline.Ending;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows a turn's answer. A terminal sees it grow, and is told when a new attempt starts it again; a pipe gets the final text,
 * once; programs that ask for ndjson get every record.
 */
final class Answer {
  private final Screen screen;
  private final Output output;
  /** Whether text was shown that a new attempt would take back. */
  private boolean shown;
  private volatile boolean interrupted;
  private OutputPayload.@Nullable End end;

  Answer(Screen screen, Output output) {
    this.screen = screen;
    this.output = output;
    screen.await("waiting for the model…");
  }

  private boolean grows() {
    return screen.isTerminal() && !output.isForPrograms();
  }

  /** @param json the record as it is on the wire */
  void take(int attempt, OutputPayload payload, Json json) {
    if (output.format() == Output.Format.NDJSON) {
      screen.line(json.text());
    }
    switch (payload) {
      case OutputPayload.AttemptStarted(_, OutputCursor keep, OutputPayload.Previous previous) -> {
        if (previous != null) {
          begunAgain("attempt " + attempt + " began; attempt " + previous.attempt() + " was "
              + previous.endedBy().replace('_', ' '), keep);
        }
      }
      case OutputPayload.Rewound(OutputCursor keep) -> begunAgain("the model is called again", keep);
      case OutputPayload.Delta(OutputPayload.Channel channel, String text) -> {
        if (grows() && channel == OutputPayload.Channel.TEXT) {
          show(text);
        }
      }
      case OutputPayload.InputAdmitted(InputId input) -> told(input.value() + " was taken into the turn");
      case OutputPayload.Checkpoint _ -> step();
      case OutputPayload.End ended -> end = ended;
    }
  }

  private void show(String text) {
    if (!text.isEmpty()) {
      screen.piece(harmless(text));
      shown = true;
    }
  }

  /** @param keep up to where the text stays; null when none of it does */
  private void begunAgain(String why, @Nullable OutputCursor keep) {
    String again = keep == null ? "; the answer starts again" : "; the answer goes on from the last checkpoint";
    told("— " + why + (shown ? again : "") + " —");
    shown = false;
    screen.await("waiting for the model…");
  }

  private void told(String what) {
    if (grows()) {
      screen.closeLine();
    }
    screen.note(what);
  }

  /** What was shown until now stays, whatever becomes of the attempt. */
  private void step() {
    if (grows()) {
      screen.closeLine();
    }
    shown = false;
  }

  /** A model's text may hold control characters that a terminal would obey. */
  private static String harmless(String text) {
    return text.codePoints().filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  /** The reader asked for the end of the turn. */
  void interrupt() {
    interrupted = true;
  }

  boolean hasEnded() {
    return end != null;
  }

  /**
   * Prints what is left to print.
   *
   * @param facts what names the turn
   * @param text the answer as the transcript has it
   * @return the exit code
   */
  int finish(Map<String, String> facts, Supplier<String> text) {
    OutputPayload.End ended = end;
    if (ended == null) {
      throw new IllegalStateException("the turn has not ended");
    }
    if (output.format() == Output.Format.JSON || output.format() == Output.Format.YAML) {
      var members = new TreeMap<String, @Nullable Object>(facts);
      members.put("outcome", ended.outcome());
      members.put("reason", ended.reason());
      members.put("note", ended.note());
      members.put("text", text.get());
      members.values().removeIf(value -> value == null);
      output.document(Json.of(members));
    } else if (!grows() && !output.isForPrograms()) {
      show(text.get());
    }
    screen.closeLine();
    if (ended.outcome().equals("completed")) {
      return ExitCode.OK;
    }
    screen.talk("holdfast: the turn ended as " + new Ending(ended.outcome(), ended.reason()).text()
        + (ended.note() == null ? "" : "; " + ended.note()));
    return ended.outcome().equals("cancelled") && interrupted ? ExitCode.INTERRUPTED : ExitCode.FAILED;
  }
}
