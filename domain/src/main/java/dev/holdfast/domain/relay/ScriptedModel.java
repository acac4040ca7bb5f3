package dev.holdfast.domain.relay;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The built-in model for trying out, demos and tests: equal calls get equal answers, and every answer says that it is
 * scripted and quotes what it answers. Its tokens are words. An input's {@code options.scripted} object directs it:
 *
 * <ul>
 *   <li>{@code text}: the answer, in place of the usual one
 *   <li>{@code words}: 1 to 100,000; the answer is that many numbered words
 *   <li>{@code delay_ms}: 0 to 60,000, the pause before each delta; 15 when absent
 *   <li>{@code reasoning}: a text sent as reasoning before the answer
 *   <li>{@code fail_after}, {@code cut_after}, {@code length_after}, {@code filter_after}: the number of deltas behind which
 *       the call fails, is cut, or ends at a limit; the smallest wins
 * </ul>
 */
public final class ScriptedModel {
  private static final Duration USUAL_PAUSE = Duration.ofMillis(15);
  private static final int MAX_WORDS = 100_000;
  private static final int MAX_PAUSE_MS = 60_000;
  private static final int QUOTED = 200;
  private static final long NEVER = Integer.MAX_VALUE;

  private ScriptedModel() {}

  /**
   * What one call does: the deltas in order, each after a pause, and the end.
   *
   * @param pause before each delta
   */
  public record Script(List<Delta> deltas, Duration pause, ModelEnd end) {
    public Script {
      deltas = List.copyOf(deltas);
    }
  }

  /** A piece of the answer, or of the reasoning before it. */
  public record Delta(boolean reasoning, String text) {}

  /** A call whose {@code scripted} options are wrong gets a script that fails and says which is. */
  public static Script script(List<ModelCall.Message> messages, Json options) {
    try {
      return directed(messages, options);
    } catch (JsonMembers.Mismatch e) {
      var end = new ModelEnd.Failed(false, "options.scripted: " + e.refusal().facts().get("field") + " is not valid");
      return new Script(List.of(), Duration.ZERO, end);
    }
  }

  private static Script directed(List<ModelCall.Message> call, Json given) {
    JsonMembers options = JsonMembers.of(given).optionalObject("scripted");
    if (options == null) {
      List<Delta> usual = pieces(false, usualAnswer(call));
      return new Script(usual, USUAL_PAUSE, new ModelEnd.Finished(counted(call, usual)));
    }
    String text = options.optionalText("text");
    long words = bounded(options, "words", 0, MAX_WORDS);
    long pause = bounded(options, "delay_ms", USUAL_PAUSE.toMillis(), MAX_PAUSE_MS);
    String reasoning = options.optionalText("reasoning");
    List<Delta> deltas = new ArrayList<>(reasoning == null ? List.of() : pieces(true, reasoning));
    deltas.addAll(words > 0 ? numbered(words) : pieces(false, text == null ? usualAnswer(call) : text));
    Ending ending = ending(options);
    options.end();
    List<Delta> kept = deltas.subList(0, (int) Math.min(deltas.size(), ending.after()));
    return new Script(kept, Duration.ofMillis(pause), ending.end().apply(counted(call, kept)));
  }

  private record Ending(long after, Function<ModelEnd.Tokens, ModelEnd> end) {}

  private static Ending ending(JsonMembers options) {
    long fail = bounded(options, "fail_after", NEVER, NEVER);
    long cut = bounded(options, "cut_after", NEVER, NEVER);
    long length = bounded(options, "length_after", NEVER, NEVER);
    long filter = bounded(options, "filter_after", NEVER, NEVER);
    long first = Math.min(Math.min(fail, cut), Math.min(length, filter));
    if (first == NEVER) {
      return new Ending(NEVER, ModelEnd.Finished::new);
    }
    if (first == fail) {
      return new Ending(fail, _ -> new ModelEnd.Failed(false, "the script told the model to fail"));
    }
    if (first == cut) {
      return new Ending(cut, _ -> new ModelEnd.Cut());
    }
    return first == length
        ? new Ending(length, ModelEnd.LengthReached::new)
        : new Ending(filter, ModelEnd.Filtered::new);
  }

  private static long bounded(JsonMembers options, String name, long absent, long max) {
    long value = options.whole(name, absent);
    if (value < 0 || value > max) {
      throw options.wrong(name);
    }
    return value;
  }

  /** A word is a token, of the reasoning too. */
  private static ModelEnd.Tokens counted(List<ModelCall.Message> call, List<Delta> deltas) {
    long input = call.stream().mapToLong(message -> words(message.content())).sum();
    return new ModelEnd.Tokens(input, deltas.stream().mapToLong(delta -> words(delta.text())).sum());
  }

  private static long words(String text) {
    return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
  }

  private static String usualAnswer(List<ModelCall.Message> call) {
    return "This is Holdfast's built-in scripted model, so no real model has read your text. " + quoted(call)
        + ". Every piece of this answer was on disk before you saw it; kill the node in the middle and start it again, and"
        + " the turn goes on. To talk to a real model, add one: holdfast provider add NAME --url http://127.0.0.1:11434/v1";
  }

  /** What is answered: the newest message that isn't the model's own, as a wake is the system's. */
  private static String quoted(List<ModelCall.Message> call) {
    ModelCall.@Nullable Message asked =
        call.reversed().stream().filter(message -> !message.role().equals("assistant")).findFirst()
            .orElse(null);
    if (asked == null) {
      return "You wrote: nothing";
    }
    String text = '"' + shortened(asked.content()) + '"';
    return asked.role().equals("user") ? "You wrote: " + text
        : "The last message is the " + asked.role() + "'s: " + text;
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= QUOTED
        ? text
        : text.substring(0, text.offsetByCodePoints(0, QUOTED)) + "…";
  }

  /** Words with the space behind them, so that the pieces put together are the text. */
  private static List<Delta> pieces(boolean reasoning, String text) {
    List<Delta> pieces = new ArrayList<>();
    for (String piece : text.split("(?<=\\s)(?=\\S)", -1)) {
      pieces.add(new Delta(reasoning, piece));
    }
    return pieces;
  }

  private static List<Delta> numbered(long words) {
    List<Delta> pieces = new ArrayList<>();
    for (long i = 1; i <= words; i++) {
      pieces.add(new Delta(false, i == words ? "word" + i : "word" + i + " "));
    }
    return pieces;
  }
}
