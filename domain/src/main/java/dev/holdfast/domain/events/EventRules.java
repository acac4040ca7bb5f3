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
    // One more than asked for tells whether there is more, at no other cost.
    List<Event> found = feed.events(cursor.nextEventId(), limit + 1, worker);
    boolean hasMore = found.size() > limit;
    List<Event> page = hasMore ? found.subList(0, limit) : found;
    EventCursor next = page.isEmpty() ? cursor : cursor.at(page.getLast().id() + 1);
    return new Outcome.Done<>(new EventBatch(next, page, hasMore));
  }
}
