package dev.holdfast.cli.integrity.bench.relay;

import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** When a piece of an answer was sent, written into its text. Both ends are in this process, so they have one clock. */
final class Stamp {
  /** Of its digits. */
  static final int LENGTH = 16;
  private static final char MARK = '@';
  private static final long ORIGIN = System.nanoTime();
  private static final int RADIX = 10;

  private long value;
  /** How many there are behind a mark; below zero where there was none. */
  private int digits = -1;

  /** The present time, as it is found again between two marks. */
  static String now() {
    var digits = new byte[LENGTH];
    write(digits, 0);
    return MARK + new String(digits, StandardCharsets.US_ASCII) + MARK;
  }

  /** The present time's digits. */
  static void write(byte[] to, int at) {
    long rest = System.nanoTime() - ORIGIN;
    for (int i = at + LENGTH - 1; i >= at; i--) {
      to[i] = (byte) ('0' + rest % RADIX);
      rest /= RADIX;
    }
  }

  /** @param found is told each time of the monotonic clock that ends in these bytes, wherever it began */
  void take(byte[] bytes, int from, int to, LongConsumer found) {
    for (int i = from; i < to; i++) {
      byte next = bytes[i];
      if (next == MARK) {
        if (digits == LENGTH) {
          found.accept(value + ORIGIN);
          digits = -1;
        } else {
          digits = 0;
          value = 0;
        }
      } else if (digits >= 0) {
        boolean digit = next >= '0' && next <= '9';
        value = value * RADIX + (next - '0');
        digits = digit && digits < LENGTH ? digits + 1 : -1;
      }
    }
  }
}
