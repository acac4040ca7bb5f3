package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.WorkerId;
import java.time.Instant;

/** Who may write a session. The row outlives a release, so that its generation never goes back. */
public sealed interface Lease {
  WorkerId session();

  /** 0 before the first grant; grows with every change of ownership, never with a renewal. */
  long generation();

  record Free(WorkerId session, long generation) implements Lease {}

  record Held(Fence fence, Instant claimedAt, Instant expiresAt) implements Lease {
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
  }

  default boolean isHeldLiveAt(Instant now) {
    return this instanceof Held held && held.isLiveAt(now);
  }
}
