package dev.holdfast.domain;

/** Checks that value types share. */
public final class Texts {
  private Texts() {}

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
