package dev.holdfast.application.integrity;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Steady node time (spec turns §2): the wall clock as it was at the start plus the time that has passed since, so that
 * setting the clock steals no lease. In whole microseconds, which every store keeps exactly.
 */
public final class SteadyClock implements InstantSource {
  private final Instant start;
  private final LongSupplier nanos;
  private final long startNanos;

  public SteadyClock() {
    this(InstantSource.system(), System::nanoTime);
  }

  /** @param nanos a time that nobody can set, from an arbitrary origin, in nanoseconds */
  SteadyClock(InstantSource wall, LongSupplier nanos) {
    this.start = wall.instant();
    this.nanos = nanos;
    this.startNanos = nanos.getAsLong();
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos.getAsLong() - startNanos).truncatedTo(ChronoUnit.MICROS);
  }
}
