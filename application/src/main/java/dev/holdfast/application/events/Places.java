package dev.holdfast.application.events;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many calls may wait for something at once, in total and with one key. */
public final class Places {
  private final Bounds bounds;

  // Guarded by this.
  private int taken;
  /** By key; never more entries than those who wait. */
  private final Map<String, Integer> takenOf = new HashMap<>();

  public Places(Bounds bounds) {
    this.bounds = bounds;
  }

  /** In total, and with one key. */
  public record Bounds(int total, int perKey) {
    public static final Bounds DEFAULT = new Bounds(1_024, 64);
  }

  /**
   * Takes a place, which is to be {@linkplain #leave left} again.
   *
   * @param key the key's id
   * @return null, or whose bound is reached where none was taken: {@code key} or {@code node}
   */
  public synchronized @Nullable String enter(String key) {
    boolean ofKey = takenOf.getOrDefault(key, 0) >= bounds.perKey();
    if (ofKey || taken >= bounds.total()) {
      return ofKey ? "key" : "node";
    }
    taken++;
    takenOf.merge(key, 1, Integer::sum);
    return null;
  }

  /** Gives a place back that was taken with that key. */
  public synchronized void leave(String key) {
    taken--;
    takenOf.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  /** How many are taken at present. */
  public synchronized int taken() {
    return taken;
  }
}
