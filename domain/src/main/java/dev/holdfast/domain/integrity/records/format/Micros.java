package dev.holdfast.domain.integrity.records.format;

import java.time.Duration;
import java.time.Instant;

/** Times in whole microseconds since the epoch, with the range that the database's columns have too. */
final class Micros {
  private static final long IN_SECOND = 1_000_000;

  private Micros() {}

  static long of(Instant instant) {
    return of(instant.getEpochSecond(), instant.getNano());
  }

  static long of(Duration duration) {
    return of(duration.getSeconds(), duration.getNano());
  }

  private static long of(long seconds, int nanos) {
    try {
      return Math.addExact(Math.multiplyExact(seconds, IN_SECOND), nanos / 1_000);
    } catch (ArithmeticException e) {
      throw new RecordException("a time is out of range", e);
    }
  }

  static Instant instant(long micros) {
    return Instant.ofEpochSecond(seconds(micros), Math.floorMod(micros, IN_SECOND) * 1_000);
  }

  static Duration duration(long micros) {
    return Duration.ofSeconds(seconds(micros), Math.floorMod(micros, IN_SECOND) * 1_000);
  }

  /** What could not have been written is not read. */
  private static long seconds(long micros) {
    long seconds = Math.floorDiv(micros, IN_SECOND);
    if (seconds < Long.MIN_VALUE / IN_SECOND) {
      throw new RecordException("a time is out of range");
    }
    return seconds;
  }
}
