package dev.holdfast.domain.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reading the feed, as spec workers §14 wants it of every backend. */
public abstract class EventsAcceptance extends StoreSuite {
  private static final int MAX = 256;

  private Outcome<EventBatch> readFrom(EventCursor cursor, int limit, @Nullable WorkerId worker) {
    return read(state -> EventRules.read(state, RUNTIME, cursor, limit, MAX, worker));
  }

  private EventBatch batch(EventCursor cursor, int limit) {
    return readFrom(cursor, limit, null).orThrow();
  }

  private static List<String> names(EventBatch batch) {
    return batch.events().stream().map(event -> event.name().text()).toList();
  }

  @Test
  @DisplayName("W-A10 (runtime alone, no executor, no access) create + one input: reading from start with limit 2 gives"
      + " runtime.started, worker.created, has_more; then worker.input_accepted, no more; nothing else in the feed")
  void feed() {
    WorkerId worker = worker();
    Input input = send(worker, "hello");

    nowAndAfterReopen(() -> {
      EventBatch first = batch(EventCursor.start(RUNTIME), 2);
      assertEquals(List.of("runtime.started", "worker.created"), names(first));
      assertTrue(first.hasMore());
      assertEquals(new EventCursor(RUNTIME, 3), first.cursor());

      EventBatch second = batch(first.cursor(), 2);
      assertEquals(List.of("worker.input_accepted"), names(second));
      assertFalse(second.hasMore());
      assertEquals(input.id().value(), second.events().getFirst().data().members().get("input_id"));
      assertEquals(3, read(EventReads::lastEventId));
    });
  }

  @Test
  @DisplayName("W-A11 a cursor ahead of the end: empty, unchanged. Limit 0: no events, has_more as stated")
  void aheadAndZero() {
    worker();
    var ahead = new EventCursor(RUNTIME, 1_000_000);
    assertEquals(new EventBatch(ahead, List.of(), false, null), batch(ahead, 10));

    var last = new EventCursor(RUNTIME, 2);
    assertEquals(new EventBatch(last, List.of(), true, null), batch(last, 0));
    var end = new EventCursor(RUNTIME, 3);
    assertEquals(new EventBatch(end, List.of(), false, null), batch(end, 0));
    assertEquals(new EventBatch(end, List.of(), false, null), batch(end, 10));
  }

  @Test
  @DisplayName("W-A12 a cursor of another runtime is wrong_runtime_cursor; broken text is cursor_malformed")
  void foreignCursor() {
    worker();
    var foreign = new EventCursor(new RuntimeId("rt-ffffffffffffffff"), 1);

    Outcome.Refused<EventBatch> refused = refusal(Reason.WRONG_RUNTIME_CURSOR, readFrom(foreign, 10, null));
    assertEquals(RUNTIME.value(), refused.facts().get("expected"));
    assertEquals(foreign.runtime().value(), refused.facts().get("actual"));
    // The runtime is judged before the limit.
    refusal(Reason.WRONG_RUNTIME_CURSOR, readFrom(foreign, MAX + 1, null));

    // What no cursor can be read from is what the edge answers with cursor_malformed.
    assertEquals("cursor_malformed", Reason.CURSOR_MALFORMED.code());
    for (String broken : List.of("", ":", "rt", "rt:", ":1", "rt:0", "rt:-1", "rt:+1", "rt:01", "rt:1x", "rt: 1", " :1",
        "rt:1 ", "rt:99999999999999999999", "rt:\u0661")) {
      assertEquals(Optional.empty(), EventCursor.parse(broken), broken);
    }
    assertEquals(Optional.of(new EventCursor(RUNTIME, 42)), EventCursor.parse(RUNTIME.value() + ":42"));
  }

  @Test
  @DisplayName("a worker's feed in pages: has_more tells of its own events only, and the cursor moves behind the last")
  void workersFeed() {
    WorkerId one = worker();
    WorkerId other = worker();
    send(one, "a");
    send(other, "b");

    EventBatch first = readFrom(EventCursor.start(RUNTIME), 1, one).orThrow();
    assertEquals(List.of(2L), first.events().stream().map(Event::id).toList());
    assertTrue(first.hasMore());
    EventBatch second = readFrom(first.cursor(), 5, one).orThrow();
    assertEquals(List.of(4L), second.events().stream().map(Event::id).toList());
    assertFalse(second.hasMore());
    assertEquals(5, second.cursor().nextEventId());
    assertEquals(second.cursor(), readFrom(second.cursor(), 5, one).orThrow().cursor());
  }

  @Test
  @DisplayName("each entry of a transcript names the event that told of it, and the feed has no gap")
  void entriesAndEvents() {
    WorkerId worker = worker();
    send(worker, system("note"));
    send(worker, "hello");
    runTurn(worker, "an answer");
    send(worker, "again");

    nowAndAfterReopen(() -> {
      List<Event> events = read(state -> state.events(1, 100, null));
      assertEquals(LongStream.rangeClosed(1, events.size()).boxed().toList(),
          events.stream().map(Event::id).toList());
      List<TranscriptEntry> entries = read(state -> state.transcript(worker, 0, 10));
      assertEquals(
          List.of(EventName.WORKER_INPUT_ACCEPTED, EventName.WORKER_INPUT_ACCEPTED, EventName.TURN_COMPLETED,
              EventName.WORKER_INPUT_ACCEPTED),
          entries.stream().map(entry -> events.get((int) entry.eventId() - 1).name()).toList());
      assertEquals(events.getLast().id(), read(state -> state.worker(worker)).orElseThrow().lastEventId());
    });
  }
}
