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
   * Who wants a session.
   *
   * @param freshToken used when the ownership changes
   */
  public record Claimant(Owner owner, Liveness liveness, String freshToken, Duration ttl) {
    /** One that tells nothing of its process. */
    public Claimant(Owner owner, String freshToken, Duration ttl) {
      this(owner, new Liveness.Opaque(), freshToken, ttl);
    }
  }

  /** A holder as somebody saw it, who has no right to its token. */
  public record Observed(String ownerId, String incarnation, long generation) {
    boolean shows(Held held) {
      return held.fence().owner().equals(new Owner(ownerId, incarnation)) && held.generation() == generation;
    }
  }

  /**
   * Spec T-1 and T-3.
   *
   * @return the grant, or lease_busy with the holder's owner id
   */
  public static Outcome<Grant> acquire(Lease lease, Claimant by, Instant now) {
    return switch (lease) {
      case Free free -> granted(free, by, now);
      case Held held when !held.isLiveAt(now) -> granted(held, by, now);
      case Held held when held.fence().owner().equals(by.owner()) ->
        new Outcome.Done<>(new Grant(held.extended(now, by.ttl()), false));
      case Held held when by.owner().succeeds(held.fence().owner()) -> granted(held, by, now);
      case Held held -> busy(held);
    };
  }

  /**
   * Takes the place of a holder that died (spec T-2). Where nobody lives there, what was observed isn't asked for; of several
   * who reclaim from the same holder only the first finds it still there.
   *
   * @return the grant, or lease_busy with the present holder's owner id
   */
  public static Outcome<Grant> reclaim(
      Lease lease, Observed observed, Claimant by, ProcessTable processes, Instant now) {
    return switch (lease) {
      case Free free -> granted(free, by, now);
      case Held held when !held.isLiveAt(now) -> granted(held, by, now);
      case Held held when observed.shows(held) && !held.fence().owner().equals(by.owner())
          && (by.owner().succeeds(held.fence().owner())
              || Liveness.definitelyDead(held.liveness(), by.liveness(), processes)) ->
        granted(held, by, now);
      case Held held -> busy(held);
    };
  }

  private static Outcome<Grant> busy(Held held) {
    return Outcome.refused(Reason.LEASE_BUSY, "holder", held.fence().owner().id());
  }

  private static Outcome<Grant> granted(Lease before, Claimant by, Instant now) {
    var fence = new Fence(before.session(), by.owner(), by.freshToken(), before.generation() + 1);
    return new Outcome.Done<>(new Grant(new Held(fence, by.liveness(), now, now.plus(by.ttl()), by.ttl()), true));
  }

  /**
   * The same lease with at most its own time from now on: the wall clock may have been set back while no node ran, and a
   * lease must not live longer for it.
   */
  public static Held atMostItsTime(Held held, Instant now) {
    Instant latest = now.plus(held.ttl());
    return held.expiresAt().isAfter(latest) ? held.extended(now, held.ttl()) : held;
  }

  /** Spec T-4: the same fence with a later expiry. */
  public static Outcome<Held> renew(Lease lease, Fence fence, Instant now, Duration ttl) {
    return validate(lease, fence, now).map(held -> held.extended(now, ttl));
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
