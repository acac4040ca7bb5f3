package dev.holdfast.domain.events;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the feed.
 *
 * @param cursor where the next page begins; unchanged when there were neither events nor a gap
 * @param hasMore whether the feed holds a matching event or another gap at or behind {@code cursor}
 * @param gap what the reader missed before the first of these events; null when nothing
 */
public record EventBatch(EventCursor cursor, List<Event> events, boolean hasMore, @Nullable EventGap gap) {
  public EventBatch {
    events = List.copyOf(events);
  }
}
