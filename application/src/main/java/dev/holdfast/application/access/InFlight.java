package dev.holdfast.application.access;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How many inferences each key has under way (spec A-86). Only those that have any are known. */
public final class InFlight {
  // Guarded by this.
  private final Map<String, Integer> byKey = new HashMap<>();

  /** One inference that is under way; closing it more than once is closing it once. */
  public final class Seat implements AutoCloseable {
    private final String key;
    private final AtomicBoolean taken = new AtomicBoolean(true);

    private Seat(String key) {
      this.key = key;
    }

    @Override
    public void close() {
      if (taken.compareAndSet(true, false)) {
        leave(key);
      }
    }
  }

  /**
   * A seat for one more of the key's, or key_at_capacity.
   *
   * @param max how many the key may have at once; null for as many as it likes
   */
  public synchronized Outcome<Seat> enter(String key, @Nullable Integer max) {
    if (max != null && count(key) >= max) {
      return Outcome.refused(Reason.KEY_AT_CAPACITY);
    }
    byKey.merge(key, 1, Integer::sum);
    return new Outcome.Done<>(new Seat(key));
  }

  private synchronized void leave(String key) {
    byKey.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Of a key, at present. */
  public synchronized int count(String key) {
    return byKey.getOrDefault(key, 0);
  }

  /** Keys that have any. */
  public synchronized int keys() {
    return byKey.size();
  }
}
