package dev.holdfast.domain;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Forms of text and checks of values that all capabilities share. */
public final class Texts {
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().parseCaseInsensitive().appendInstant(3).toFormatter(Locale.ROOT);

  private Texts() {}

  /** RFC 3339, UTC, with milliseconds (spec A-2). */
  public static String instant(Instant instant) {
    return MILLIS.format(instant);
  }

  /**
   * The inverse of {@link #instant}.
   *
   * @throws IllegalArgumentException for any text that it wouldn't have written
   */
  public static Instant parseInstant(String text) {
    try {
      Instant instant = Instant.parse(text);
      if (instant(instant).equals(text)) {
        return instant;
      }
    } catch (DateTimeParseException e) {
      // Told below, as any other form.
    }
    throw new IllegalArgumentException("an instant is told in UTC with milliseconds");
  }

  /** @throws IllegalArgumentException when the text is blank or longer than {@code max} characters */
  public static String requireText(String text, int max, String what) {
    if (text.isBlank() || text.length() > max) {
      throw new IllegalArgumentException(what + " must have 1 to " + max + " characters and not be blank");
    }
    return text;
  }

  /** @throws IllegalArgumentException when the number is below {@code min} */
  public static long requireAtLeast(long number, long min, String what) {
    if (number < min) {
      throw new IllegalArgumentException(what + " must be at least " + min);
    }
    return number;
  }
}
