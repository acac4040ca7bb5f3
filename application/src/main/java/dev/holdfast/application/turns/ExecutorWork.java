package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Places;
import dev.holdfast.application.events.Signals;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.workers.Execution;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells executors where there is work (spec T-90). A hint is told at least once and promises nothing: whoever gets there
 * first has the session.
 */
public final class ExecutorWork {
  /** The most hints of one answer. */
  public static final int MAX_LIMIT = 64;
  public static final Duration MAX_WAIT = Duration.ofSeconds(30);
  /** Nobody tells of a lease that expires, or a batch whose time has come. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final UnitsOfWork units;
  private final NewsRoom news;
  private final NodeState node;
  private final InstantSource clock;
  private final Places places;

  public ExecutorWork(UnitsOfWork units, NewsRoom news, NodeState node, InstantSource clock, Places places) {
    this.units = units;
    this.news = news;
    this.node = node;
    this.clock = clock;
    this.places = places;
  }

  /** A session without a live lease that has work. */
  public record Hint(WorkerId session, Why why) {}

  /** What is there first; the session may have more. */
  public enum Why {
    OPEN_TURN,
    COMMAND,
    INPUT,
    WAKE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Who asks.
   *
   * @param subject whose workers' sessions are meant, or all when null
   * @param key the id of the key, for the bound of those who wait with it
   */
  public record Asking(@Nullable String subject, String key) {}

  /**
   * Waits until there is something, the time is over or the node drains. Interrupt the thread when the caller has left.
   *
   * @param limit 1 to {@link #MAX_LIMIT}
   * @return hints by session; empty when the time is over. too_many_streams when too many wait already
   */
  public Outcome<List<Hint>> await(Asking by, int limit, Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    try (Signals<Optional<String>>.Subscription signal = news.work(by.subject())) {
      List<Hint> found = look(by, limit);
      if (!found.isEmpty() || atMost.isZero()) {
        return new Outcome.Done<>(found);
      }
      String full = places.enter(by.key());
      if (full != null) {
        return Outcome.refused(Reason.TOO_MANY_STREAMS, "scope", full);
      }
      try {
        return new Outcome.Done<>(await(by, limit, signal, deadline));
      } finally {
        places.leave(by.key());
      }
    }
  }

  private List<Hint> await(Asking by, int limit, Signals<Optional<String>>.Subscription signal, long deadline)
      throws InterruptedException {
    while (true) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (!left.isPositive() || node.phase() == NodeState.Phase.DRAINING) {
        return List.of();
      }
      signal.await(left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
      List<Hint> found = look(by, limit);
      if (!found.isEmpty()) {
        return found;
      }
    }
  }

  private List<Hint> look(Asking by, int limit) {
    Instant now = clock.instant();
    return units.read(state -> state
        .workableSessions(new Workable(Execution.EXTERNAL, by.subject(), false), now, 0, limit).stream()
        .map(session -> new Hint(session, why(state, session, now))).toList());
  }

  private static Why why(State state, WorkerId session, Instant now) {
    if (state.session(session).openTurn() != null) {
      return Why.OPEN_TURN;
    }
    List<Batch> ready = state.readyBatches(session, now, 0, 1);
    if (!ready.isEmpty() && ready.getFirst().isCommand()) {
      return Why.COMMAND;
    }
    return state.hasPendingUserInput(session) ? Why.INPUT : Why.WAKE;
  }

  /** How many wait at present. */
  public int waiting() {
    return places.taken();
  }
}
