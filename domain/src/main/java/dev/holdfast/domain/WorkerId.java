package dev.holdfast.domain;

import java.util.HexFormat;
import java.util.Locale;

/**
 * Names a worker within its runtime, and the worker's session: {@code worker-} and 8 lower-case hex digits of a number
 * that grows from 1 and is never used again.
 *
 * @param number 1 to 2³² − 1
 */
public record WorkerId(long number) implements Comparable<WorkerId> {
  private static final String PREFIX = "worker-";

  public WorkerId {
    if (number < 1 || number > 0xffff_ffffL) {
      throw new IllegalArgumentException("a worker number is 1 to 2^32 - 1");
    }
  }

  /** @throws IllegalArgumentException when the text is not a worker id */
  public static WorkerId parse(String text) {
    if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + 8
        || !text.equals(text.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("a worker id is worker- and 8 lower-case hex digits");
    }
    return new WorkerId(HexFormat.fromHexDigitsToLong(text, PREFIX.length(), text.length()));
  }

  public String value() {
    return PREFIX + HexFormat.of().toHexDigits(number, 8);
  }

  @Override
  public int compareTo(WorkerId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return value();
  }
}
