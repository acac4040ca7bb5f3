package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asking a session for its next work (spec T-60), by who holds it and by who takes it for that. */
public final class WorkRules {
  private WorkRules() {}

  /**
   * Acquires the session and claims its next work in one unit of work. Where there is nothing to do nothing is acquired,
   * so that looking costs no write.
   *
   * @return the work, or lease_busy
   */
  public static Decision<NextWork> take(
      TurnReads state, WorkerId session, Claimant by, TurnLimits limits, Instant now) {
    Outcome<Grant> grant = LeaseRules.acquire(state.lease(session), by, now);
    return grant instanceof Outcome.Refused<Grant> refused
        ? Decision.refused(refused)
        : new Drain(state, SessionRules.inTime(state, grant.orThrow(), now), by.freshToken(), limits, now).next(null);
  }

  /**
   * The same, only to end an open turn that must not go on (spec T-60, row 1), whoever's worker it is.
   *
   * @return what to settle, or nothing where the turn may go on
   */
  public static Decision<NextWork> settle(
      TurnReads state, WorkerId session, Claimant by, TurnLimits limits, Instant now) {
    Outcome<Grant> grant = LeaseRules.acquire(state.lease(session), by, now);
    return grant instanceof Outcome.Refused<Grant> refused
        ? Decision.refused(refused)
        : new Drain(state, SessionRules.inTime(state, grant.orThrow(), now), by.freshToken(), limits, now).settle();
  }

  /**
   * The same for the holder of the session.
   *
   * @param freshToken unpredictable; becomes the claim's
   * @param batches take exactly these, if they are what comes next; null for whatever comes
   */
  public static Decision<NextWork> next(TurnReads state, Fence fence, @Nullable List<BatchId> batches,
      String freshToken, TurnLimits limits, Instant now) {
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(fence.session()), fence, now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    return new Drain(state, new Grant(held.orThrow(), false), freshToken, limits, now).next(batches);
  }

  /** Whether a session has an open turn that nobody holds and that must not go on. */
  public static boolean isSettlementDue(TurnReads state, WorkerId session, TurnLimits limits, Instant now) {
    return Optional.ofNullable(state.session(session).openTurn()).flatMap(state::turn)
        .filter(_ -> !state.lease(session).isHeldLiveAt(now))
        .map(turn -> settlement(turn.abandonedAt(now), limits, now)).isPresent();
  }

  /** How an open turn has to end without a model call; null when it can go on. Cancel before deadline before budget. */
  public static @Nullable TurnOutcome settlement(Turn turn, TurnLimits limits, Instant now) {
    if (turn.isCancelRequested()) {
      return new TurnOutcome.Cancelled();
    }
    if (turn.isPastDeadlineAt(now)) {
      return new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED);
    }
    return turn.lostInARow() >= limits.attemptsWithoutProgress()
        ? new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED)
        : null;
  }
}
