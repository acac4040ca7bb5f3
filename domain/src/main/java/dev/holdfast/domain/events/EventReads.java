package dev.holdfast.domain.events;

import dev.holdfast.domain.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The feed as one consistent state shows it. */
public interface EventReads {

  /** The id of the newest event, 0 when there is none. */
  long lastEventId();

  /** The id of the last event that was pruned, 0 when none was: what is there begins behind it. */
  long lastPrunedEvent();

  /**
   * @param fromId the first id wanted, at least 1; of what was pruned none is found
   * @param limit at least 0
   * @param worker only the events of that worker, or all when null
   * @return in the order of their ids, at most {@code limit}; the cost doesn't grow with the events before or behind
   */
  List<Event> events(long fromId, int limit, @Nullable WorkerId worker);

  /**
   * The ranges of ids whose events aren't there any more; {@link #events} leaves them out.
   *
   * @param fromId only those that reach to it or lie behind it
   * @param worker only those that may have held an event of that worker, or all when null
   * @return in the order of their ids; none meets another
   */
  default List<EventGap> gaps(long fromId, @Nullable WorkerId worker) {
    long pruned = lastPrunedEvent();
    return pruned == 0 || pruned < fromId ? List.of() : List.of(new EventGap(1, pruned, EventGap.Why.PRUNED));
  }

  /** What isn't told yet of damage; a store that confines no damage to a worker has none. */
  default UntoldDamage untoldDamage() {
    return UntoldDamage.NONE;
  }
}
