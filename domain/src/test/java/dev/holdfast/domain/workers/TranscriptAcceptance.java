package dev.holdfast.domain.workers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventCursor;
import dev.holdfast.domain.events.EventRules;
import dev.holdfast.domain.integrity.StoreSuite;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Reading a transcript, as spec workers §14 wants it of every backend. */
public abstract class TranscriptAcceptance extends StoreSuite {

  private Outcome<Projection> project(WorkerId worker, long start, int limit) {
    return read(state -> TranscriptRules.project(state, null, worker, Reach.ALL, start, limit));
  }

  private void openWithLimits(int transcript, int events) {
    done(state -> WorkerRules.open(state, RUNTIME, null, new RuntimeLimits(transcript, events), now()));
  }

  @Test
  @DisplayName("W-A4 inputs hello/user, note/system, again/user with limit 2: sequence 1 first, total 3, two items, roles"
      + " right, next_start 2; limit 3 is limit_too_large{3, 2}")
  void projection() {
    openWithLimits(2, 256);
    WorkerId worker = worker();
    send(worker, "hello");
    send(worker, system("note"));
    send(worker, "again");

    nowAndAfterReopen(() -> {
      Projection first = project(worker, 0, 2).orThrow();
      assertEquals(1, first.items().getFirst().sequence());
      assertEquals(3, first.totalItems());
      assertEquals(List.of("hello", "note"), first.items().stream().map(TranscriptEntry::content).toList());
      assertEquals(List.of(TranscriptEntry.Role.USER, TranscriptEntry.Role.SYSTEM),
          first.items().stream().map(TranscriptEntry::role).toList());
      assertEquals(2, first.nextStart());

      Projection rest = project(worker, 2, 2).orThrow();
      assertEquals(List.of("again"), rest.items().stream().map(TranscriptEntry::content).toList());
      assertNull(rest.nextStart());

      Outcome.Refused<Projection> refused = refusal(Reason.LIMIT_TOO_LARGE, project(worker, 0, 3));
      assertEquals(3, refused.facts().get("requested"));
      assertEquals(2, refused.facts().get("max"));
    });
  }

  @Test
  @DisplayName("W-A5 limit = maximum is accepted, maximum + 1 refused, for transcript and events; the limit is checked"
      + " before the ref")
  void limits() {
    openWithLimits(3, 2);
    WorkerId worker = worker();
    send(worker, "hello");

    assertEquals(1, project(worker, 0, 3).orThrow().items().size());
    refusal(Reason.LIMIT_TOO_LARGE, project(worker, 0, 4));
    refusal(Reason.LIMIT_TOO_LARGE, project(new WorkerId(99), 0, 4));
    refusal(Reason.WORKER_NOT_FOUND, project(new WorkerId(99), 0, 3));

    EventCursor start = EventCursor.start(RUNTIME);
    assertEquals(2, read(state -> EventRules.read(state, RUNTIME, start, 2, 2, null)).orThrow().events().size());
    Outcome.Refused<?> refused =
        refusal(Reason.LIMIT_TOO_LARGE, read(state -> EventRules.read(state, RUNTIME, start, 3, 2, null)));
    assertEquals(3, refused.facts().get("requested"));
    assertEquals(2, refused.facts().get("max"));
    refusal(Reason.LIMIT_TOO_LARGE,
        read(state -> EventRules.read(state, RUNTIME, start, 3, 2, new WorkerId(99))));
  }

  @Test
  @DisplayName("W-A6 a projection that starts at the end or beyond is empty and has no next_start")
  void beyondTheEnd() {
    WorkerId worker = worker();
    send(worker, "hello");
    send(worker, "again");

    nowAndAfterReopen(() -> {
      for (long start : new long[] {2, 3, 1_000_000_000_000L}) {
        Projection projection = project(worker, start, 10).orThrow();
        assertEquals(List.of(), projection.items());
        assertNull(projection.nextStart());
        assertEquals(2, projection.totalItems());
        assertEquals(start, projection.start());
      }
    });
  }

  @Test
  @DisplayName("a negative start or limit is an invalid request")
  void negative() {
    WorkerId worker = worker();

    assertEquals(Outcome.invalid("start"), project(worker, -1, 10));
    assertEquals(Outcome.invalid("limit"), project(worker, 0, -1));
  }
}
