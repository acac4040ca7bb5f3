package dev.holdfast.domain.turns;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One try at a turn.
 *
 * @param number from 1, dense per turn
 * @param generation of the lease under which it runs
 * @param commits checkpoint commits made by it
 * @param lastOutputSeq of its newest output record
 * @param end null while it is live
 */
public record Attempt(
    int number, long generation, String ownerId, Instant startedAt, int commits, long lastOutputSeq,
    @Nullable End end) {

  /** How an attempt ended, and when. */
  public record End(EndedBy by, Instant at) {}

  public enum EndedBy {
    COMMITTED,
    LOST,
    HANDED_OVER;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public boolean isLive() {
    return end == null;
  }

  public Attempt ended(EndedBy by, Instant at) {
    return new Attempt(number, generation, ownerId, startedAt, commits, lastOutputSeq, new End(by, at));
  }

  /** One more checkpoint commit. */
  public Attempt committed() {
    return new Attempt(number, generation, ownerId, startedAt, commits + 1, lastOutputSeq, end);
  }

  Attempt withOutput(long lastSeq) {
    return new Attempt(number, generation, ownerId, startedAt, commits, lastSeq, end);
  }
}
