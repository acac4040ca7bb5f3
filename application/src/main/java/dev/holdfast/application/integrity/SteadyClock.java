package dev.holdfast.application.integrity;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * Steady node time (spec turns §2): the wall clock as it was at the start plus the time that has passed since, so that
 * setting the clock steals no lease. In whole microseconds, which every store keeps exactly.
 */
public final class SteadyClock implements InstantSource {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos).truncatedTo(ChronoUnit.MICROS);
  }
}
