package dev.holdfast.domain.events;

import java.util.List;

/**
 * One page of the feed.
 *
 * @param cursor where the next page begins; unchanged when there were no events
 * @param hasMore whether the feed holds a matching event at or behind {@code cursor}
 */
public record EventBatch(EventCursor cursor, List<Event> events, boolean hasMore) {
  public EventBatch {
    events = List.copyOf(events);
  }
}
