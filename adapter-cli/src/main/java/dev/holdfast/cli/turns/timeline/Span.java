package dev.holdfast.cli.turns.timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** A length of time as people say it. A negative one is shown as none. */
public record Span(Duration length) {
  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long SECOND_MS = 1_000;

  public static Span between(Instant from, Instant to) {
    return new Span(Duration.between(from, to));
  }

  private long millis() {
    return Math.max(0, length.toMillis());
  }

  /** For sentences: {@code 120 ms}, {@code 12.4 s}, {@code 1 m 12 s}, {@code 2 h 05 m}, {@code 3 d 04 h}. */
  public String text() {
    long seconds = millis() / SECOND_MS;
    if (seconds == 0) {
      return millis() + " ms";
    }
    if (seconds < MINUTE) {
      return seconds + "." + millis() % SECOND_MS / 100 + " s";
    }
    if (seconds < HOUR) {
      return pair(seconds / MINUTE, "m", seconds % MINUTE, "s");
    }
    return seconds < DAY
        ? pair(seconds / HOUR, "h", seconds % HOUR / MINUTE, "m")
        : pair(seconds / DAY, "d", seconds % DAY / HOUR, "h");
  }

  private static String pair(long large, String largeUnit, long small, String smallUnit) {
    return String.format(Locale.ROOT, "%d %s %02d %s", large, largeUnit, small, smallUnit);
  }

  /** For a column, aligned at its end: {@code +0:12.4}, {@code +1:02:03.4}. */
  String clock() {
    long seconds = millis() / SECOND_MS;
    long tenths = millis() % SECOND_MS / 100;
    return seconds < HOUR
        ? String.format(Locale.ROOT, "+%d:%02d.%d", seconds / MINUTE, seconds % MINUTE, tenths)
        : String.format(Locale.ROOT, "+%d:%02d:%02d.%d", seconds / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE,
            tenths);
  }
}
