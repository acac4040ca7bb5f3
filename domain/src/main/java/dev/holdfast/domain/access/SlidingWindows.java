package dev.holdfast.domain.access;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Windows by the names that they belong to, a bounded number of them: where there is no room, the one that was used least
 * recently is forgotten, but none that is full, or whoever has enough names would be rid of a limit.
 */
public final class SlidingWindows {
  private static final long SECOND = 1_000_000_000L;

  private final int most;
  // Guarded by this, as are the windows.
  private final SequencedMap<String, Window> byName = new LinkedHashMap<>(16, 0.75f, true);
  private boolean allFull;
  private long foundFull;

  private record Window(SlidingWindow counts, int limit) {
    boolean isFull(long now) {
      return counts.isFull(limit, now);
    }

    Counted.Full full(long now) {
      return new Counted.Full(counts.untilRoom(limit, now), counts.untilEmpty(now));
    }
  }

  /** @param most windows at once */
  public SlidingWindows(int most) {
    this.most = most;
  }

  /** What became of one that was to be counted. */
  public sealed interface Counted {
    record Taken(int remaining, long untilEmpty) implements Counted {}

    record Full(long untilRoom, long untilEmpty) implements Counted {}

    /** There is no window for the name, nor room for one. */
    record Untracked() implements Counted {}
  }

  /**
   * Counts one more where there is room for it.
   *
   * @param limit in 60 s
   */
  public synchronized Counted take(String name, int limit, long now) {
    Window window = byName.get(name);
    if (window == null && byName.size() >= most && !makeRoom(now)) {
      return new Counted.Untracked();
    }
    if (window == null || window.limit() != limit) {
      window = new Window(window == null ? new SlidingWindow(now) : window.counts(), limit);
      byName.put(name, window);
    }
    SlidingWindow counts = window.counts();
    return counts.take(limit, now)
        ? new Counted.Taken(counts.remaining(limit, now), counts.untilEmpty(now))
        : window.full(now);
  }

  /** Counts nothing; null unless the name's window is full. */
  public synchronized Counted.@Nullable Full full(String name, long now) {
    Window window = byName.get(name);
    return window != null && window.isFull(now) ? window.full(now) : null;
  }

  /** Takes back one that was counted at that time. */
  public synchronized void giveBack(String name, long taken) {
    Window window = byName.get(name);
    if (window != null) {
      window.counts().giveBack(taken);
    }
  }

  public synchronized boolean isEmpty() {
    return byName.isEmpty();
  }

  public synchronized int size() {
    return byName.size();
  }

  /** Full ones are set behind all others, so that the next search doesn't meet them first. */
  private boolean makeRoom(long now) {
    if (allFull && now - foundFull < SECOND) {
      return false;
    }
    allFull = false;
    for (int left = byName.size(); left > 0; left--) {
      Map.Entry<String, Window> eldest = Objects.requireNonNull(byName.pollFirstEntry());
      if (!eldest.getValue().isFull(now)) {
        return true;
      }
      byName.put(eldest.getKey(), eldest.getValue());
    }
    allFull = true;
    foundFull = now;
    return false;
  }
}
