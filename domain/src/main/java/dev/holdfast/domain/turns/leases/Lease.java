package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.WorkerId;
import java.time.Duration;
import java.time.Instant;

/** Who may write a session. The row outlives a release, so that its generation never goes back. */
public sealed interface Lease {
  WorkerId session();

  /** 0 before the first grant; grows with every change of ownership, never with a renewal. */
  long generation();

  record Free(WorkerId session, long generation) implements Lease {}

  /** @param ttl of the newest grant or renewal, at the end of which it expires */
  record Held(Fence fence, Liveness liveness, Instant claimedAt, Instant expiresAt, Duration ttl) implements Lease {
    @Override
    public WorkerId session() {
      return fence.session();
    }

    @Override
    public long generation() {
      return fence.generation();
    }

    public boolean isLiveAt(Instant now) {
      return now.isBefore(expiresAt);
    }

    /** The same holder, with so much time from now on. */
    Held extended(Instant now, Duration newTtl) {
      return new Held(fence, liveness, claimedAt, now.plus(newTtl), newTtl);
    }
  }

  default boolean isHeldLiveAt(Instant now) {
    return this instanceof Held held && held.isLiveAt(now);
  }

  /** The generation whose claims are live: this lease's while it is live, else 0, which no claim has. */
  default long liveGeneration(Instant now) {
    return isHeldLiveAt(now) ? generation() : 0;
  }
}
