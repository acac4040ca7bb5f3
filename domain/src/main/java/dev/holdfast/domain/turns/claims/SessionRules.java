package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Holding a session, and what it means for its turn and claims (spec T-1 to T-8). */
public final class SessionRules {
  private SessionRules() {}

  /** A renewed lease, and the request to cancel the session's turn, where there is one. */
  public record Renewed(Lease.Held lease, @Nullable Cancel cancel) {}

  /**
   * Takes the session without asking for work. A holder who repeats itself gets the same lease with more time, but for a
   * turn that has to end.
   */
  public static Decision<Lease.Held> acquire(TurnReads state, WorkerId session, Claimant by, Instant now) {
    return granted(state, session, LeaseRules.acquire(state.lease(session), by, now), "claim", now);
  }

  /** Takes the session of a holder that died (spec T-2). */
  public static Decision<Lease.Held> reclaim(TurnReads state, WorkerId session, Observed observed, Claimant by,
      ProcessTable processes, Instant now) {
    String how = state.lease(session).isHeldLiveAt(now) ? "reclaim" : "claim";
    return granted(
        state, session, LeaseRules.reclaim(state.lease(session), observed, by, processes, now), how, now);
  }

  private static Decision<Lease.Held> granted(
      TurnReads state, WorkerId session, Outcome<Grant> outcome, String how, Instant now) {
    if (outcome instanceof Outcome.Refused<Grant> refused) {
      return Decision.refused(refused);
    }
    Grant grant = inTime(state, outcome.orThrow(), now);
    var unit = new Unit(state, session, now);
    if (!grant.lease().equals(state.lease(session))) {
      unit.add(new LeaseChange.Put(grant.lease()));
    }
    if (grant.changed()) {
      taken(unit, grant.lease(), how);
      unit.openTurn().filter(turn -> turn.lastAttempt().isLive())
          .ifPresent(turn -> unit.add(new TurnChange.Put(unit.lost(turn))));
    }
    // The answer shows a request to cancel the open turn.
    List<Change> told = new ArrayList<>();
    unit.openTurn().ifPresent(turn -> tell(turn, now, told));
    unit.addAll(told);
    return unit.done(grant.lease());
  }

  /** A holder whose turn has to end keeps what it has, but gets no more time by asking again (spec T-55, T-86). */
  static Grant inTime(TurnReads state, Grant grant, Instant now) {
    WorkerId session = grant.lease().session();
    return !grant.changed() && state.lease(session) instanceof Lease.Held present
        && openTurn(state, session).map(turn -> turn.overdueAt(now)).isPresent() ? new Grant(present, false) : grant;
  }

  private static Optional<Turn> openTurn(TurnReads state, WorkerId session) {
    return Optional.ofNullable(state.session(session).openTurn()).flatMap(state::turn);
  }

  /** What comes with every new generation, but for the turn's attempt. */
  static void taken(Unit unit, Lease.Held lease, String how) {
    unit.events.add(unit.worker.id(), EventName.LEASE_ACQUIRED,
        Json.object("generation", lease.generation(), "how", how));
    unit.forgetHeldInputs();
    unit.forgetHeldBatches();
  }

  /** Spec T-4; refused past the turn's deadline (T-55) and when a cancel of it is overdue (T-86). */
  public static Decision<Renewed> renew(TurnReads state, Fence fence, Duration ttl, Instant now) {
    Outcome<Lease.Held> renewed = LeaseRules.renew(state.lease(fence.session()), fence, now, ttl);
    if (renewed instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    Optional<Turn> open = openTurn(state, fence.session());
    Reason refusal = open.map(turn -> turn.overdueAt(now)).orElse(null);
    if (refusal != null) {
      return Decision.refused(refusal);
    }
    List<Change> changes = new ArrayList<>(List.of(new LeaseChange.Put(renewed.orThrow())));
    Cancel told = open.map(turn -> tell(turn, now, changes)).orElse(null);
    return Decision.done(new Renewed(renewed.orThrow(), told), changes);
  }

  /** The request to cancel the turn, if there is one; whoever gets the answer was told of it. */
  static @Nullable Cancel tell(Turn turn, Instant now, List<Change> changes) {
    Cancel asked = turn.cancel();
    if (asked == null) {
      return null;
    }
    Cancel told = asked.delivered(now);
    if (!told.equals(asked)) {
      changes.add(new TurnChange.CancelPut(turn.id(), told));
    }
    return told;
  }

  /** Spec T-5: a hand-over. A fence that isn't the stored one has no effect. */
  public static Decision<Boolean> release(TurnReads state, Fence fence, Instant now) {
    if (!LeaseRules.releases(state.lease(fence.session()), fence)) {
      return Decision.unchanged(false);
    }
    var unit = new Unit(state, fence.session(), now);
    unit.openTurn().filter(turn -> turn.hasLiveAttempt(fence.generation()))
        .map(turn -> turn.withLastAttempt(turn.lastAttempt().ended(Attempt.EndedBy.HANDED_OVER, now)))
        .ifPresent(turn -> unit.add(new TurnChange.Put(turn)));
    unit.addAll(released(fence, unit.events));
    return unit.done(true);
  }

  /**
   * Frees a session that an earlier start of {@code successor} held when it died, so that nobody takes its turn for running
   * while it waits for its place (spec T-3, W-33).
   *
   * @return whether there was such a lease
   */
  public static Decision<Boolean> freeDead(TurnReads state, WorkerId session, Owner successor, Instant now) {
    if (!(state.lease(session) instanceof Lease.Held held) || !successor.succeeds(held.fence().owner())) {
      return Decision.unchanged(false);
    }
    var unit = new Unit(state, session, now);
    unit.openTurn().filter(turn -> turn.lastAttempt().isLive())
        .ifPresent(turn -> unit.add(new TurnChange.Put(unit.lost(turn))));
    unit.add(new LeaseChange.Put(new Lease.Free(session, held.generation())));
    return unit.done(true);
  }

  /** At a node's start: no lease lives longer than its own time from now on, whatever became of the wall clock (spec §2). */
  public static Decision<Boolean> clamp(TurnReads state, WorkerId session, Instant now) {
    if (!(state.lease(session) instanceof Lease.Held held)) {
      return Decision.unchanged(false);
    }
    Lease.Held clamped = LeaseRules.atMostItsTime(held, now);
    return clamped.equals(held)
        ? Decision.unchanged(false)
        : Decision.done(true, List.of(new LeaseChange.Put(clamped)));
  }

  /** The lease is free again, with an event. */
  public static List<Change> released(Fence fence, NewEvents events) {
    events.add(fence.session(), EventName.LEASE_RELEASED, Json.object("generation", fence.generation()));
    return List.of(new LeaseChange.Put(new Lease.Free(fence.session(), fence.generation())));
  }
}
