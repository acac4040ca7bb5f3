package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Places;
import dev.holdfast.application.events.Signals;
import dev.holdfast.application.integrity.Audited;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.cancels.CancelRules.Requested;
import java.time.Duration;
import java.time.InstantSource;

/** Cancelling turns, and waiting until that has come to a stage (spec turns §10). */
public final class TurnCancels {
  /** A call may wait so long. */
  public static final Duration MAX_WAIT = Duration.ofMinutes(1);
  /** Nobody tells of a node that begins to drain. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final UnitsOfWork units;
  private final TurnExecutor executor;
  private final Waiting waiting;
  private final InstantSource clock;

  public TurnCancels(UnitsOfWork units, TurnExecutor executor, Waiting waiting, InstantSource clock) {
    this.units = units;
    this.executor = executor;
    this.waiting = waiting;
    this.clock = clock;
  }

  /** What waiting needs of the node. */
  public record Waiting(NewsRoom news, NodeState node, Places places) {}

  /**
   * When this returns, the request is durable. A turn that nobody holds has ended then, or the scan ends it; the built-in
   * executor is told by the news of the request, any other holder by its next call.
   */
  public Outcome<Requested> request(Audited call, TurnId id, CancelRules.Asking by) {
    Outcome<Requested> outcome = units.write(call, id.value(),
        state -> CancelRules.request(state, id, by, executor.owner(), clock.instant()));
    if (outcome instanceof Outcome.Done<Requested>(Requested asked) && asked.turn().isOpen()
        && asked.control() == CancelRules.Control.SETTLED) {
      executor.settleIfDue(asked.turn().session());
      return outcome.map(_ -> new Requested(turn(id), asked.control()));
    }
    return outcome;
  }

  /**
   * Waits until the request has come so far, the time is over or the node drains. Nobody waits where too many do already.
   * Interrupt the thread when the caller has left.
   *
   * @param key the id of the key, for the bound of those who wait with it
   * @param atMost at most {@link #MAX_WAIT}
   * @return the turn as it is then
   */
  public Turn await(TurnId id, String key, Cancel.Stage stage, Duration atMost) throws InterruptedException {
    if (waiting.places().enter(key) != null) {
      return turn(id);
    }
    try {
      return await(id, stage, System.nanoTime() + atMost.toNanos());
    } finally {
      waiting.places().leave(key);
    }
  }

  private Turn await(TurnId id, Cancel.Stage stage, long deadline) throws InterruptedException {
    try (Signals<TurnId>.Subscription changes = waiting.news().cancel(id)) {
      while (true) {
        Turn turn = turn(id);
        Cancel cancel = turn.cancel();
        var left = Duration.ofNanos(deadline - System.nanoTime());
        boolean there = !turn.isOpen() || cancel == null || cancel.stage().compareTo(stage) >= 0;
        if (there || !left.isPositive() || waiting.node().phase() == NodeState.Phase.DRAINING) {
          return turn;
        }
        changes.await(left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
      }
    }
  }

  private Turn turn(TurnId id) {
    return units.read(state -> state.turn(id).orElseThrow());
  }
}
