package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends open turns that must not go on and that nobody holds (spec T-60 row 1, T-63), on the caller's thread: they need no
 * model, so they don't wait for a place behind turns that do.
 */
final class Settlements {
  private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);

  private final UnitsOfWork units;
  private final TurnLimits limits;
  private final InstantSource clock;
  private final Supplier<Claimant> claimant;
  private final Consumer<TurnCommit> committed;

  /**
   * @param claimant this node's executor, with a new token each time
   * @param committed commits
   */
  Settlements(UnitsOfWork units, TurnLimits limits, InstantSource clock, Supplier<Claimant> claimant,
      Consumer<TurnCommit> committed) {
    this.units = units;
    this.limits = limits;
    this.clock = clock;
    this.claimant = claimant;
    this.committed = committed;
  }

  /**
   * @return whether there was something to settle
   * @throws StoreException when that can't be made durable
   */
  private boolean settle(WorkerId session) {
    Outcome<NextWork> work =
        units.write(state -> WorkRules.settle(state, session, claimant.get(), limits, clock.instant()));
    if (work instanceof Outcome.Done<NextWork>(NextWork.Settle settle)) {
      Checkpoint checkpoint = units.read(state -> state.session(session)).checkpoint();
      committed.accept(settle.commit(checkpoint));
      return true;
    }
    return false;
  }

  /**
   * The same, where a look at the session tells that it is due; looking costs no write. What fails is left to the next scan.
   *
   * @return whether something was settled
   */
  boolean settleIfDue(WorkerId session) {
    try {
      return units.read(state -> WorkRules.isSettlementDue(state, session, limits, clock.instant())) && settle(session);
    } catch (RuntimeException e) {
      LOG.warn("{}: its turn could not be settled yet: {}", session,
          e instanceof StoreException store ? store.reason().code() : e.getClass().getSimpleName());
      return false;
    }
  }
}
