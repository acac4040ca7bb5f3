package dev.holdfast.domain.turns.responses;

/**
 * One piece of a response's output.
 *
 * @param index its place in the output as the stream tells it, from 0; pieces that were dropped keep theirs
 * @param text all of it; of a call of a function its arguments
 * @param whole whether it came to its end
 */
public record ResponseItem(int index, Kind kind, String text, boolean whole) {

  /** What an item is. */
  public sealed interface Kind {
    record Message() implements Kind {}

    record Reasoning() implements Kind {}

    /** A function that the model wants to be called. */
    record FunctionCall(String callId, String name) implements Kind {}
  }

  public static final Kind MESSAGE = new Kind.Message();
  public static final Kind REASONING = new Kind.Reasoning();
}
