package dev.holdfast.domain.events;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading the feed (spec W-39, W-43). */
public final class EventRules {
  private EventRules() {}

  /** @param max the runtime's limit for one batch */
  public static Outcome<EventBatch> read(
      EventReads feed, RuntimeId runtime, EventCursor cursor, int limit, int max, @Nullable WorkerId worker) {
    if (!cursor.runtime().equals(runtime)) {
      return new Outcome.Refused<>(
          Reason.WRONG_RUNTIME_CURSOR, Map.of("expected", runtime.value(), "actual", cursor.runtime().value()));
    }
    if (limit > max) {
      return new Outcome.Refused<>(Reason.LIMIT_TOO_LARGE, Map.of("requested", limit, "max", max));
    }
    if (limit < 0) {
      return Outcome.invalid("limit");
    }
    return new Outcome.Done<>(page(feed, cursor, limit, worker));
  }

  /** A page has one gap at most, at its beginning: it ends before the next one (spec W-44). */
  private static EventBatch page(EventReads feed, EventCursor cursor, int limit, @Nullable WorkerId worker) {
    long from = cursor.nextEventId();
    List<EventGap> gaps = feed.gaps(from, worker);
    EventGap gap = gaps.isEmpty() || gaps.getFirst().fromId() > from ? null : gaps.getFirst();
    int ahead = gap == null ? 0 : 1;
    long end = gaps.size() > ahead ? gaps.get(ahead).fromId() : Long.MAX_VALUE;
    EventCursor next = gap == null ? cursor : cursor.at(gap.toId() + 1);
    // One more than asked for tells whether there is more, at no other cost.
    List<Event> found = feed.events(next.nextEventId(), limit + 1, worker).stream()
        .filter(event -> event.id() < end).toList();
    if (found.size() <= limit && end < Long.MAX_VALUE) {
      return new EventBatch(cursor.at(end), found, true, gap);
    }
    boolean hasMore = found.size() > limit;
    List<Event> page = hasMore ? found.subList(0, limit) : found;
    return new EventBatch(page.isEmpty() ? next : cursor.at(page.getLast().id() + 1), page, hasMore, gap);
  }
}
