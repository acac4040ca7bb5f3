package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import dev.holdfast.domain.workers.Reach;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Holding sessions as an external executor (spec T-91, T-95). A call whose answer was lost is made again: the holder gets the
 * lease that it has.
 */
public final class ExecutorLeases {
  /**
   * The longest time that a lease may be asked for. A turn whose holder must not go on is settled when that is over, so it
   * bounds how long an overdue cancel or a passed deadline goes unheeded (spec T-55, T-86).
   */
  public static final Duration MAX_TTL = Duration.ofMinutes(1);

  private final UnitsOfWork units;
  private final TurnExecutor builtin;
  private final ProcessTable processes;
  private final Ids ids;
  private final InstantSource clock;

  public ExecutorLeases(
      UnitsOfWork units, TurnExecutor builtin, ProcessTable processes, Ids ids, InstantSource clock) {
    this.units = units;
    this.builtin = builtin;
    this.processes = processes;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Who wants a session, and for how long.
   *
   * @param ttl 1 ms to {@link #MAX_TTL}, else refused
   */
  public record Wanted(Owner owner, Liveness liveness, Duration ttl) {}

  /**
   * A session as its holder sees it.
   *
   * @param cancel the request to cancel the open turn, where there is one
   */
  public record HeldSession(Lease.Held lease, @Nullable TurnId openTurn, @Nullable Cancel cancel) {}

  public Outcome<HeldSession> acquire(Audited call, Reach reach, WorkerId session, Wanted by) {
    return grant(call, reach, session, by,
        (state, claimant) -> SessionRules.acquire(state, session, claimant, clock.instant()));
  }

  /** @param observed the holder that is dead */
  public Outcome<HeldSession> reclaim(
      Audited call, Reach reach, WorkerId session, Wanted by, Observed observed) {
    return grant(call, reach, session, by, (state, claimant) -> SessionRules.reclaim(state, session, observed, claimant,
        processes, clock.instant()));
  }

  private Outcome<HeldSession> grant(Audited call, Reach reach, WorkerId session, Wanted by,
      BiFunction<State, Claimant, Decision<Lease.Held>> granting) {
    var claimant = new Claimant(by.owner(), by.liveness(), ids.hex(32), by.ttl());
    Outcome.Refused<HeldSession> wrong = refusal(by.ttl());
    return units.write(call, session.value(), state -> ExternalSessions.reached(state, reach, session,
        () -> wrong != null
            ? Decision.refused(wrong)
            : seen(state, granting.apply(state, claimant))));
  }

  private static Decision<HeldSession> seen(State state, Decision<Lease.Held> granted) {
    return new Decision<>(granted.outcome().map(lease -> {
      TurnId open = state.session(lease.session()).openTurn();
      return new HeldSession(lease, open, ExternalSessions.cancel(state, open));
    }), granted.changes());
  }

  /** Spec T-4. The answer tells of a request to cancel the open turn. */
  public Outcome<HeldSession> renew(Reach reach, WorkerId session, Fence fence, Duration ttl) {
    Outcome.Refused<HeldSession> wrong = refusal(ttl);
    return units.write(state -> ExternalSessions.held(state, reach, session, fence, () -> {
      if (wrong != null) {
        return Decision.refused(wrong);
      }
      Decision<SessionRules.Renewed> renewed = SessionRules.renew(state, fence, ttl, clock.instant());
      return new Decision<>(renewed.outcome().map(held -> new HeldSession(held.lease(),
          state.session(session).openTurn(), held.cancel())), renewed.changes());
    }));
  }

  /** The hand-over of a session (spec T-5). A turn that nobody may go on with is settled by the node at once. */
  public Outcome<Boolean> release(Audited call, Reach reach, WorkerId session, Fence fence) {
    Outcome<Boolean> released = units.write(call, session.value(), state -> ExternalSessions.held(state, reach, session,
        fence, () -> SessionRules.release(state, fence, clock.instant())));
    if (!(released instanceof Outcome.Refused<Boolean>)) {
      builtin.released(session);
    }
    return released;
  }

  private static Outcome.@Nullable Refused<HeldSession> refusal(Duration ttl) {
    if (ttl.toMillis() < 1) {
      return Outcome.refused(Reason.TTL_TOO_SMALL);
    }
    return ttl.compareTo(MAX_TTL) > 0 ? Outcome.invalid("ttl_ms") : null;
  }
}
