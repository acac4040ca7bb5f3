package dev.holdfast.domain.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventGapsTest {
  private static final RuntimeId RUNTIME = new RuntimeId("rt-0123456789abcdef");
  private static final EventGap PRUNED = new EventGap(1, 3, EventGap.Why.PRUNED);
  private static final EventGap BESIDE = new EventGap(4, 4, EventGap.Why.DAMAGED);
  private static final EventGap DAMAGED = new EventGap(8, 9, EventGap.Why.DAMAGED);
  private static final EventGap AT_THE_END = new EventGap(12, 13, EventGap.Why.DAMAGED);

  /** Ids up to 13 without those of the gaps. */
  private record Feed(List<EventGap> all) implements EventReads {
    @Override
    public long lastEventId() {
      return 13;
    }

    @Override
    public long lastPrunedEvent() {
      return PRUNED.toId();
    }

    @Override
    public List<Event> events(long fromId, int limit, @Nullable WorkerId worker) {
      return LongStream.rangeClosed(fromId, 13)
          .filter(id -> all.stream().noneMatch(gap -> gap.fromId() <= id && id <= gap.toId())).limit(limit)
          .mapToObj(id -> new Event(id, null, EventName.RUNTIME_STARTED, Instant.EPOCH, null, Json.EMPTY_OBJECT, null))
          .toList();
    }

    @Override
    public List<EventGap> gaps(long fromId, @Nullable WorkerId worker) {
      return all.stream().filter(gap -> gap.toId() >= fromId).toList();
    }
  }

  private static EventBatch read(Feed feed, long from, int limit) {
    return EventRules.read(feed, RUNTIME, new EventCursor(RUNTIME, from), limit, 100, null).orThrow();
  }

  private static String told(EventBatch batch) {
    EventGap gap = batch.gap();
    return (gap == null ? "" : gap.why().text() + " " + gap.fromId() + ".." + gap.toId() + " ")
        + batch.events().stream().map(Event::id).toList() + " " + batch.cursor().nextEventId()
        + (batch.hasMore() ? " more" : "");
  }

  @Test
  @DisplayName("W-44 a cursor in a gap: the batch tells the gap and goes on behind it, and ends before the next one")
  void pages() {
    var feed = new Feed(List.of(PRUNED, BESIDE, DAMAGED, AT_THE_END));
    assertEquals("pruned 1..3 [] 4 more", told(read(feed, 1, 10)));
    assertEquals("pruned 1..3 [] 4 more", told(read(feed, 3, 10)));
    assertEquals("damaged 4..4 [5, 6, 7] 8 more", told(read(feed, 4, 10)));
    assertEquals("damaged 4..4 [5] 6 more", told(read(feed, 4, 1)));
    assertEquals("damaged 4..4 [] 5 more", told(read(feed, 4, 0)));
    assertEquals("[6, 7] 8 more", told(read(feed, 6, 10)));
    assertEquals("[6, 7] 8 more", told(read(feed, 6, 2)));
    assertEquals("damaged 8..9 [10, 11] 12 more", told(read(feed, 9, 2)));
    assertEquals("damaged 12..13 [] 14", told(read(feed, 12, 10)));
    assertEquals("[] 14", told(read(feed, 14, 10)));
  }

  @Test
  @DisplayName("W-44 whatever the size of the pages, a reader is told each id once, as an event or in a gap")
  void everyIdOnce() {
    var feed = new Feed(List.of(PRUNED, BESIDE, DAMAGED, AT_THE_END));
    for (int limit = 1; limit < 8; limit++) {
      List<Long> told = new ArrayList<>();
      boolean more = true;
      for (long from = 1; more;) {
        EventBatch batch = read(feed, from, limit);
        EventGap gap = batch.gap();
        if (gap != null) {
          LongStream.rangeClosed(gap.fromId(), gap.toId()).forEach(told::add);
        }
        batch.events().forEach(event -> told.add(event.id()));
        from = batch.cursor().nextEventId();
        more = batch.hasMore();
      }
      assertEquals(LongStream.rangeClosed(1, 13).boxed().toList(), told, "limit " + limit);
    }
  }
}
