package dev.holdfast.application.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import dev.holdfast.domain.turns.leases.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TTL = Duration.ofSeconds(30);

  private final AtomicReference<Instant> wall = new AtomicReference<>(START);
  private final AtomicLong nanos = new AtomicLong(-5);
  private final SteadyClock clock = new SteadyClock(wall::get, nanos::get);

  private Outcome<Grant> takenBy(Lease present, String owner) {
    return LeaseRules.acquire(present, new Claimant(new Owner(owner, "1"), owner, TTL), clock.instant());
  }

  @Test
  @DisplayName("T-A42 (inside a run) clock jumps of a day steal no live lease and keep none alive")
  void jumps() {
    jumps(1);
    jumps(-1);
  }

  private void jumps(long days) {
    Instant taken = clock.instant();
    Lease.Held held = takenBy(new Lease.Free(new WorkerId(1), 0), "first").orThrow().lease();

    wall.set(START.plus(Duration.ofDays(days)));
    nanos.addAndGet(TTL.toNanos() - 1_000);
    Outcome.Refused<?> early = assertInstanceOf(Outcome.Refused.class, takenBy(held, "second"));
    assertEquals(Reason.LEASE_BUSY, early.reason());

    nanos.addAndGet(1_000);
    assertEquals(taken.plus(TTL), clock.instant());
    assertEquals(2, takenBy(held, "second").orThrow().lease().generation());
  }
}
