package dev.holdfast.domain;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Names an input: {@code in-} and 16 lower-case hex digits of the id of the event that told of its acceptance, so that it
 * is unique in the runtime without a counter of its own.
 */
public record InputId(long number) {
  private static final String PREFIX = "in-";

  public InputId {
    Texts.requireAtLeast(number, 1, "an input number");
  }

  /** @throws IllegalArgumentException when the text is not an input id */
  public static InputId parse(String text) {
    return new InputId(number(PREFIX, text));
  }

  static long number(String prefix, String text) {
    if (!text.startsWith(prefix) || text.length() != prefix.length() + 16
        || !text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("expected " + prefix + " and 16 lower-case hex digits");
    }
    return HexFormat.fromHexDigitsToLong(text, prefix.length(), text.length());
  }

  public String value() {
    return PREFIX + HexFormat.of().toHexDigits(number);
  }

  @Override
  public String toString() {
    return value();
  }
}
