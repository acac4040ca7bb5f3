package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.leases.Lease.Free;
import dev.holdfast.domain.turns.leases.Lease.Held;
import java.time.Duration;
import java.time.Instant;

/** Free → Held on acquire; Held → Held on renewal or on takeover with a new generation; Held → Free on release. */
public final class LeaseRules {
  private LeaseRules() {}

  /** A lease that was granted; {@code changed} tells a new generation from the present holder's extension. */
  public record Grant(Held lease, boolean changed) {}

  /**
   * Spec T-1 and T-3.
   *
   * @param freshToken used when the ownership changes
   * @return the grant, or lease_busy with the holder's owner id
   */
  public static Outcome<Grant> acquire(Lease lease, Owner by, String freshToken, Instant now, Duration ttl) {
    return switch (lease) {
      case Free free -> granted(free, by, freshToken, now, ttl);
      case Held held when !held.isLiveAt(now) -> granted(held, by, freshToken, now, ttl);
      case Held held when held.fence().owner().equals(by) ->
        new Outcome.Done<>(new Grant(new Held(held.fence(), held.claimedAt(), now.plus(ttl)), false));
      case Held held when by.succeeds(held.fence().owner()) -> granted(held, by, freshToken, now, ttl);
      case Held held -> Outcome.refused(Reason.LEASE_BUSY, "holder", held.fence().owner().id());
    };
  }

  private static Outcome<Grant> granted(Lease before, Owner by, String token, Instant now, Duration ttl) {
    var fence = new Fence(before.session(), by, token, before.generation() + 1);
    return new Outcome.Done<>(new Grant(new Held(fence, now, now.plus(ttl)), true));
  }

  /** Spec T-4: the same fence with a later expiry. */
  public static Outcome<Held> renew(Lease lease, Fence fence, Instant now, Duration ttl) {
    return validate(lease, fence, now).map(held -> new Held(held.fence(), held.claimedAt(), now.plus(ttl)));
  }

  /** Spec T-5: whether the fence is the stored one; only then a release does anything, live or not. */
  public static boolean releases(Lease lease, Fence fence) {
    return lease instanceof Held held && held.fence().equals(fence);
  }

  /** Spec T-6: the check of every write. */
  public static Outcome<Held> validate(Lease lease, Fence fence, Instant now) {
    if (!lease.session().equals(fence.session())) {
      return Outcome.refused(Reason.SESSION_BINDING_MISMATCH);
    }
    return lease instanceof Held held && held.fence().equals(fence) && held.isLiveAt(now)
        ? new Outcome.Done<>(held)
        : Outcome.refused(Reason.LEASE_EXPIRED);
  }

  /** Spec T-9: whether leases of this length can be kept by renewing at this interval. */
  public static Outcome<Duration> checkTiming(Duration ttl, Duration renewEvery) {
    if (ttl.toMillis() < 1) {
      return Outcome.refused(Reason.TTL_TOO_SMALL);
    }
    if (renewEvery.toMillis() < 1) {
      return Outcome.refused(Reason.RENEW_INTERVAL_TOO_SMALL);
    }
    return ttl.compareTo(renewEvery.multipliedBy(3)) < 0
        ? Outcome.refused(Reason.TTL_RENEW_RATIO_TOO_SMALL)
        : new Outcome.Done<>(ttl);
  }
}
