package dev.holdfast.domain.access;

/**
 * Counts what happened within the last minute and admits no more than a limit in any 60 s, wherever they begin (spec A-36,
 * It counts by whole seconds, so that one that happened is forgotten 60 to 61 s later, and it takes the same few
 * bytes however much happens. Not for several threads at once.
 *
 * <p>Times are a monotonic clock's, in ns; one that lies before an earlier one counts as that one.
 */
public final class SlidingWindow {
  private static final long SLOT = 1_000_000_000L;
  /** The current second and those of the minute before it. */
  private static final int SLOTS = 61;

  private final long origin;
  private final int[] slots = new int[SLOTS];
  private long latest;
  private int sum;

  /** An empty one. */
  public SlidingWindow(long now) {
    this.origin = now;
  }

  /** @return whether there was room for one more, which is counted then */
  public boolean take(int limit, long now) {
    advance(now);
    if (sum >= limit) {
      return false;
    }
    slots[(int) (latest % SLOTS)]++;
    sum++;
    return true;
  }

  /** Takes back one that was counted at that time, if it is still counted. */
  public void giveBack(long taken) {
    long slot = Math.max(0, (taken - origin) / SLOT);
    int index = (int) (slot % SLOTS);
    if (slot > latest - SLOTS && slot <= latest && slots[index] > 0) {
      slots[index]--;
      sum--;
    }
  }

  /** How many more there is room for. */
  public int remaining(int limit, long now) {
    advance(now);
    return Math.max(0, limit - sum);
  }

  public boolean isFull(int limit, long now) {
    return remaining(limit, now) == 0;
  }

  /** The time until there is room for one more, in ns, should nothing happen meanwhile; 0 when there is room. */
  public long untilRoom(int limit, long now) {
    return untilAtMost(limit - 1, now);
  }

  /** The time until nothing is counted any more, in ns, should nothing happen meanwhile. */
  public long untilEmpty(long now) {
    return untilAtMost(0, now);
  }

  private long untilAtMost(int count, long now) {
    advance(now);
    int left = sum;
    long slot = Math.max(0, latest - SLOTS + 1);
    long until = now;
    while (left > count && slot <= latest) {
      left -= slots[(int) (slot % SLOTS)];
      slot++;
      until = origin + (slot + SLOTS - 1) * SLOT;
    }
    return Math.max(0, until - now);
  }

  private void advance(long now) {
    long slot = (now - origin) / SLOT;
    if (slot <= latest) {
      return;
    }
    long stale = Math.min(slot - latest, SLOTS);
    for (long next = slot - stale + 1; next <= slot; next++) {
      int index = (int) (next % SLOTS);
      sum -= slots[index];
      slots[index] = 0;
    }
    latest = slot;
  }
}
