package dev.holdfast.domain.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about the feed. */
public abstract class EventReadsContract extends StoreSuite {

  private List<Event> events(long fromId, int limit, @Nullable WorkerId worker) {
    return read(state -> state.events(fromId, limit, worker));
  }

  private List<Long> ids(long fromId, int limit, @Nullable WorkerId worker) {
    return events(fromId, limit, worker).stream().map(Event::id).toList();
  }

  private static List<Long> range(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  @DisplayName("an empty feed has no last event and no page")
  void emptyFeed() {
    assertEquals(0, read(EventReads::lastEventId));
    assertEquals(List.of(), events(1, 10, null));
    assertEquals(List.of(), events(1, 10, new WorkerId(1)));
  }

  @Test
  @DisplayName("every member of an event comes back as it was written, under every name")
  void membersComeBack() {
    WorkerId worker = worker();
    Instant at = START.plusNanos(123_456_000);
    long first = read(EventReads::lastEventId) + 1;
    long id = first;
    for (EventName name : EventName.values()) {
      boolean full = id % 2 == 0;
      var event = new Event(id, full ? worker : null, name, at, full ? "0123456789abcdef" : null,
          full ? Json.parse("{\"n\":1,\"a\":[true,null,\"\u00e9\"]}") : Json.EMPTY_OBJECT,
          full ? "a note, \"quoted\", \ud83d\ude00" : null);
      put(new EventChange.Appended(event));
      id++;
      nowAndAfterReopen(() -> assertEquals(event, events(event.id(), 1, null).getFirst()));
    }
    assertEquals(id - 1, read(EventReads::lastEventId));
  }

  @Test
  @DisplayName("a page begins at the id asked for, ends at the limit, and is empty beyond the end")
  void pages() {
    worker();
    worker();
    worker();

    assertEquals(4, read(EventReads::lastEventId));
    assertEquals(range(1, 4), ids(1, 100, null));
    assertEquals(range(2, 3), ids(2, 2, null));
    assertEquals(range(4, 4), ids(4, 2, null));
    assertEquals(List.of(), ids(5, 2, null));
    assertEquals(List.of(), ids(Long.MAX_VALUE, 2, null));
    assertEquals(List.of(), ids(1, 0, null));
  }

  @Test
  @DisplayName("a worker's feed is a filter of the one feed, by the same ids")
  void filter() {
    WorkerId one = worker();
    WorkerId other = worker();
    send(one, "a");
    send(other, "b");
    send(one, "c");

    assertEquals(List.of(2L, 4L, 6L), ids(1, 100, one));
    assertEquals(List.of(3L, 5L), ids(1, 100, other));
    assertEquals(List.of(4L), ids(3, 1, one));
    assertEquals(List.of(6L), ids(5, 5, one));
    assertEquals(List.of(), ids(7, 5, one));
    assertEquals(List.of(), ids(1, 0, one));
    assertEquals(List.of(), ids(1, 100, new WorkerId(99)));
  }

  @Test
  @DisplayName("an answer is of its moment: later events don't change it")
  void answersAreCopies() {
    WorkerId worker = worker();
    List<Event> all = events(1, 100, null);
    List<Event> own = events(1, 100, worker);
    send(worker, "later");

    assertEquals(2, all.size());
    assertEquals(1, own.size());
  }
}
