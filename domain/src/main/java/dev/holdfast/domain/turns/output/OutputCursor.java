package dev.holdfast.domain.turns.output;

import dev.holdfast.domain.Texts;
import java.util.Optional;

/**
 * A place in a turn's output: the last record that was read. Its text form is {@code <attempt>.<seq>}.
 *
 * @param attempt 0 for the place before the first record
 */
public record OutputCursor(int attempt, long seq) implements Comparable<OutputCursor> {
  public static final OutputCursor START = new OutputCursor(0, 0);

  public OutputCursor {
    Texts.requireAtLeast(attempt, 0, "an attempt");
    Texts.requireAtLeast(seq, 0, "an output seq");
  }

  /** @return empty when the text is not a cursor */
  public static Optional<OutputCursor> parse(String text) {
    if (!text.matches("(0|[1-9][0-9]{0,8})\\.(0|[1-9][0-9]{0,17})")) {
      return Optional.empty();
    }
    int dot = text.indexOf('.');
    return Optional.of(
        new OutputCursor(Integer.parseInt(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1))));
  }

  @Override
  public int compareTo(OutputCursor other) {
    return attempt != other.attempt ? Integer.compare(attempt, other.attempt) : Long.compare(seq, other.seq);
  }

  public String text() {
    return attempt + "." + seq;
  }
}
