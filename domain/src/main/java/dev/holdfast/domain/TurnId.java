package dev.holdfast.domain;

import java.util.HexFormat;

/**
 * Names a turn: {@code turn-} and 16 lower-case hex digits of the id of its {@code turn.started} event, so that it is
 * unique in the runtime without a counter of its own.
 */
public record TurnId(long number) {
  private static final String PREFIX = "turn-";

  public TurnId {
    Texts.requireAtLeast(number, 1, "a turn number");
  }

  /** @throws IllegalArgumentException when the text is not a turn id */
  public static TurnId parse(String text) {
    return new TurnId(InputId.number(PREFIX, text));
  }

  public String value() {
    return PREFIX + HexFormat.of().toHexDigits(number);
  }

  @Override
  public String toString() {
    return value();
  }
}
