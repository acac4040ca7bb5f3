package dev.holdfast.cli.access;

import dev.holdfast.cli.Refusal;
import dev.holdfast.domain.Reason;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times as people write them. */
public final class KeyTimes {
  private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,8})([smhdw])");
  private static final int DAYS_OF_WEEK = 7;

  private KeyTimes() {}

  /** A length of time, as in {@code 15m}. */
  public static Duration duration(String text) {
    Matcher parts = DURATION.matcher(text);
    if (!parts.matches()) {
      throw Refusal.of(Reason.INVALID_REQUEST, "a time is written as in 90s, 15m, 12h, 7d or 4w, not " + text);
    }
    long number = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofDays(number * DAYS_OF_WEEK);
    };
  }

  /** @return a time from now, or the instant that is named */
  static Instant end(String text, Instant now) {
    try {
      Instant end = DURATION.matcher(text).matches() ? now.plus(duration(text)) : Instant.parse(text);
      if (!end.isAfter(now)) {
        throw Refusal.of(Reason.INVALID_REQUEST, "the expiry " + text + " lies in the past")
            .next("the same command with a later --expires");
      }
      return end;
    } catch (DateTimeException e) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "an expiry is written as in 30d, 12h or 2027-01-31T00:00:00Z, not " + text);
    }
  }
}
