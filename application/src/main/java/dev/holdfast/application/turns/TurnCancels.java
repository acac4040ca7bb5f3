package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Signals;
import dev.holdfast.application.integrity.Audited;
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

  private final UnitsOfWork units;
  private final TurnExecutor executor;
  private final NewsRoom news;
  private final InstantSource clock;

  public TurnCancels(UnitsOfWork units, TurnExecutor executor, NewsRoom news, InstantSource clock) {
    this.units = units;
    this.executor = executor;
    this.news = news;
    this.clock = clock;
  }

  /**
   * When this returns, the request is durable. A turn that nobody holds has ended then; the built-in executor is told by the
   * news of the request, any other holder by its next call.
   */
  public Outcome<Requested> request(Audited call, TurnId id, CancelRules.Asking by) {
    Outcome<Requested> outcome = units.write(call, id.value(),
        state -> CancelRules.request(state, id, by, executor.owner(), clock.instant()));
    if (outcome instanceof Outcome.Done<Requested>(Requested asked) && asked.turn().isOpen()
        && asked.control() == CancelRules.Control.SETTLED) {
      executor.settle(asked.turn().session());
      return outcome.map(_ -> new Requested(turn(id), asked.control()));
    }
    return outcome;
  }

  /**
   * Waits until the request has come so far, or the time is over.
   *
   * @param atMost at most {@link #MAX_WAIT}
   * @return the turn as it is then
   */
  public Turn await(TurnId id, Cancel.Stage stage, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    try (Signals<TurnId>.Subscription changes = news.cancel(id)) {
      while (true) {
        Turn turn = turn(id);
        Cancel cancel = turn.cancel();
        long left = deadline - System.nanoTime();
        if (!turn.isOpen() || cancel == null || cancel.stage().compareTo(stage) >= 0 || left <= 0) {
          return turn;
        }
        changes.await(Duration.ofNanos(left));
      }
    }
  }

  private Turn turn(TurnId id) {
    return units.read(state -> state.turn(id).orElseThrow());
  }
}
