package dev.holdfast.http;

import dev.holdfast.application.integrity.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A node's clocks, which a test can set: the one on the wall, and the one that only goes on. */
public final class TestTime implements InstantSource, LongSupplier {
  private final SteadyClock wall = new SteadyClock();
  private volatile Duration setBy = Duration.ZERO;
  private final AtomicLong passed = new AtomicLong();
  private volatile boolean broken;

  @Override
  public Instant instant() {
    return wall.instant().plus(setBy);
  }

  @Override
  public long getAsLong() {
    if (broken) {
      throw new IllegalStateException("no clock");
    }
    return System.nanoTime() + passed.get();
  }

  /** Sets the clock on the wall, forwards or backwards. */
  public void set(Duration by) {
    setBy = by;
  }

  /** So much more time has really passed. */
  public void pass(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  /** The clock that only goes on can't be read. */
  public void breakDown(boolean now) {
    broken = now;
  }
}
