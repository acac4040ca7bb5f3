package dev.holdfast.application.relay.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * When tasks that nobody waits for come between the callers of their model: while both want places, three are given to callers
 * and the next to a task. A task that doesn't come for its turn has lost it. Whoever uses it holds a lock.
 */
final class TurnsOfTasks {
  private static final int CALLERS_BETWEEN = 3;
  /** Tasks ask for places at least once in a second. */
  private static final Duration COMES_WITHIN = Duration.ofSeconds(2);

  private final Map<String, Waits> byModel = new HashMap<>();

  /**
   * A task of a model waits.
   *
   * @param callers how many were given places since it does, or since the last task was
   * @param asked when it asked last, or was given its turn
   */
  private record Waits(int callers, Instant asked) {
    boolean isNext() {
      return callers >= CALLERS_BETWEEN;
    }
  }

  /** A task found no place. */
  void wants(String model, Instant now) {
    byModel.compute(model, (_, known) -> new Waits(known == null ? 0 : known.callers(), now));
  }

  /** A caller was given a place. */
  void passed(String model, Instant now) {
    byModel.computeIfPresent(model, (_, known) -> new Waits(known.callers() + 1,
        known.callers() + 1 == CALLERS_BETWEEN ? now : known.asked()));
  }

  /** Whether the next place is a task's, though callers wait. */
  boolean isNext(String model) {
    Waits waits = byModel.get(model);
    return waits != null && waits.isNext();
  }

  /** A task was given a place, or can't use the one that is kept for it. */
  void over(String model) {
    byModel.remove(model);
  }

  /** Forgets tasks that don't come any more; answers the models whose callers may go on. */
  Set<String> expire(Instant now) {
    Set<String> expired = new TreeSet<>();
    byModel.forEach((model, waits) -> {
      if (waits.asked().plus(COMES_WITHIN).isBefore(now)) {
        expired.add(model);
      }
    });
    byModel.keySet().removeAll(expired);
    return expired;
  }
}
