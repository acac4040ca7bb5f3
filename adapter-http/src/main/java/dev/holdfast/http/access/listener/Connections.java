package dev.holdfast.http.access.listener;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many connections there are, in all and of each caller, and whether one more may come in (spec A-83). */
final class Connections {
  /** Beyond all that may be, so many more are taken in for as long as it takes to tell them so. */
  private static final int TURNED_AWAY_AT_ONCE = 64;

  private final int max;
  private final int maxOfOne;

  // Guarded by this.
  private int open;
  private int turnedAway;
  /** Never more entries than open connections. */
  private final Map<String, Integer> byCaller = new HashMap<>();

  Connections(int max, int maxOfOne) {
    this.max = max;
    this.maxOfOne = maxOfOne;
  }

  enum Verdict {
    ADMITTED,
    /** Its request is answered with the reason, and that is all. */
    TOLD,
    CLOSED
  }

  /** @param caller null for one that isn't counted by itself */
  synchronized Verdict arrived(@Nullable String caller) {
    if (caller != null && byCaller.getOrDefault(caller, 0) >= maxOfOne) {
      return Verdict.CLOSED;
    }
    if (open >= max) {
      if (turnedAway >= TURNED_AWAY_AT_ONCE) {
        return Verdict.CLOSED;
      }
      turnedAway++;
      return Verdict.TOLD;
    }
    open++;
    if (caller != null) {
      byCaller.merge(caller, 1, Integer::sum);
    }
    return Verdict.ADMITTED;
  }

  /** Once for each that wasn't closed at its arrival. */
  synchronized void left(@Nullable String caller, Verdict verdict) {
    switch (verdict) {
      case ADMITTED -> {
        open--;
        if (caller != null) {
          byCaller.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
        }
      }
      case TOLD -> turnedAway--;
      case CLOSED -> throw new IllegalArgumentException("a connection that never came in has left");
    }
  }

  synchronized int open() {
    return open;
  }
}
