package dev.holdfast.domain.turns.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.Liveness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about queued work. */
public abstract class QueueReadsContract extends StoreSuite {

  private Batch enqueue(WorkerId session, BatchDraft draft) {
    return done(state -> QueueRules.enqueue(state, Sender.to(session), draft, LIMITS, now()));
  }

  private Batch wake(WorkerId session, String origin) {
    return enqueue(session, BatchDraft.of(Payload.Wake.of(origin, 1, "look")));
  }

  private Batch wakeAt(WorkerId session, String origin, Instant availableAt) {
    return enqueue(session,
        new BatchDraft(List.of(Payload.Wake.of(origin, 1, "look")), null, availableAt, null));
  }

  private Batch in(Batch batch, BatchState state) {
    put(new QueueChange.Moved(batch.in(state)));
    return batch.in(state);
  }

  private static Claim claim(long generation) {
    return new Claim("qwc:1:" + generation, "token " + generation, generation, START.plusNanos(1000));
  }

  private Batch claimed(Batch batch, long generation) {
    return in(batch, new BatchState.Claimed(claim(generation), null));
  }

  private List<Batch> ready(WorkerId session, long liveGeneration, int limit) {
    return read(state -> state.readyBatches(session, now(), liveGeneration, limit));
  }

  private List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state) {
    return read(s -> s.batches(session, after, limit, state));
  }

  private void hold(WorkerId session, long generation) {
    put(new LeaseChange.Put(new Lease.Held(new Fence(session, HERE, "token", generation), new Liveness.Opaque(), now(),
        now().plus(TURN_LIMITS.leaseTtl()), TURN_LIMITS.leaseTtl())));
  }

  @Test
  @DisplayName("a session without queued work has an empty queue and no batches")
  void nothing() {
    WorkerId worker = worker();

    assertEquals(WorkQueue.empty(worker), read(state -> state.workQueue(worker)));
    assertTrue(read(state -> state.batch(new BatchId(5))).isEmpty());
    assertTrue(read(state -> state.batchBySourceKey(worker, "k")).isEmpty());
    assertEquals(List.of(), ready(worker, 0, 10));
    assertEquals(List.of(), read(state -> state.claimedBatches(worker, 1)));
    assertEquals(List.of(), batches(worker, 0, 10, null));
  }

  @Test
  @DisplayName("a batch comes back with every member, of every kind and in each of its states")
  void comesBack() {
    WorkerId worker = worker();
    var wakes = List.<Payload>of(
        new Payload.Wake("mail '\"", 7, "mail.received", "\u0000 cause \ud83d\ude00", "key", "text \u00e9"),
        Payload.Wake.of("clock", 0, "tick"));
    var delivery = new Delivery(Delivery.Policy.AFTER_CURRENT_TURN_COMMIT, Delivery.Slot.JOIN, "group one");
    Batch full = enqueue(worker, new BatchDraft(wakes, delivery, START.plusNanos(5000), "source key"));
    Batch reset =
        enqueue(worker, BatchDraft.of(new Payload.Command(Payload.Command.Kind.RESET_SESSION, "because")));
    Batch refresh =
        enqueue(worker, BatchDraft.of(new Payload.Command(Payload.Command.Kind.REFRESH_TOOL_CATALOG, null)));

    nowAndAfterReopen(() -> {
      for (Batch batch : List.of(full, reset, refresh)) {
        assertEquals(Optional.of(batch), read(state -> state.batch(batch.id())));
      }
      assertEquals(new WorkQueue(worker, 3, 0, 3, 0), read(state -> state.workQueue(worker)));
    });
    var turn = new TurnId(77);
    for (BatchState state : List.of(new BatchState.Claimed(claim(3), turn), new BatchState.Claimed(claim(4), null),
        new BatchState.Bound(turn, claim(5)), new BatchState.Completed(turn), new BatchState.Completed(null),
        new BatchState.Cancelled(), new BatchState.Waiting())) {
      Batch moved = in(full, state);
      nowAndAfterReopen(() -> assertEquals(Optional.of(moved), read(s -> s.batch(full.id()))));
    }
  }

  @Test
  @DisplayName("inputs and batches share one counter of numbers, and each queue has its own count")
  void counters() {
    WorkerId worker = worker();
    assertEquals(1, send(worker, "first").enqueueSeq());
    assertEquals(2, wake(worker, "a").enqueueSeq());
    assertEquals(3, send(worker, "third").enqueueSeq());

    nowAndAfterReopen(
        () -> assertEquals(new WorkQueue(worker, 3, 2, 1, 0), read(state -> state.workQueue(worker))));
    var changed = new WorkQueue(worker, 9, 0, 4, 12);
    put(new QueueChange.QueuePut(changed));
    nowAndAfterReopen(() -> assertEquals(changed, read(state -> state.workQueue(worker))));
  }

  @Test
  @DisplayName("a source key is found among the batches of its own session only, whatever became of them")
  void sourceKeys() {
    WorkerId one = worker();
    WorkerId other = worker();
    Batch first = in(wake(one, "a"), new BatchState.Cancelled());
    Batch second = wake(other, "a");

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(first), read(state -> state.batchBySourceKey(one, "wake:a:1")));
      assertEquals(Optional.of(second), read(state -> state.batchBySourceKey(other, "wake:a:1")));
      assertTrue(read(state -> state.batchBySourceKey(one, "wake:A:1")).isEmpty());
      assertTrue(read(state -> state.inputBySourceKey(one, "wake:a:1")).isEmpty());
    });
  }

  @Test
  @DisplayName("ready are the batches that are available and free, in their order, those of dead claims among them")
  void readyInOrder() {
    WorkerId worker = worker();
    Batch later = wakeAt(worker, "later", now().plusSeconds(60));
    Batch dead = claimed(wake(worker, "dead"), 3);
    Batch waiting = wakeAt(worker, "now", now());
    Batch live = claimed(wake(worker, "live"), 4);
    Batch older = claimed(wake(worker, "older"), 2);
    in(wake(worker, "bound"), new BatchState.Bound(new TurnId(5), claim(3)));
    in(wake(worker, "done"), new BatchState.Completed(new TurnId(5)));
    in(wake(worker, "cancelled"), new BatchState.Cancelled());
    Batch last = wake(worker, "last");
    wake(worker(), "elsewhere");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(dead, waiting, older, last), ready(worker, 4, 10));
      assertEquals(List.of(dead, waiting), ready(worker, 4, 2));
      assertEquals(List.of(), ready(worker, 4, 0));
      assertEquals(List.of(dead, waiting, live, older, last), ready(worker, 0, 10));
      assertEquals(List.of(waiting, live, older, last), ready(worker, 3, 10));
    });
    pass(Duration.ofSeconds(60));
    assertEquals(List.of(later, dead), ready(worker, 4, 2));
  }

  @Test
  @DisplayName("a hundred rows that the generation has claimed hide none behind them, nor do unavailable ones")
  void manyClaimed() {
    WorkerId worker = worker();
    List<Batch> claimed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      claimed.add(claimed(wake(worker, "claimed " + i), 4));
      wakeAt(worker, "future " + i, now().plusSeconds(1));
    }
    Batch free = wake(worker, "free");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(free), ready(worker, 4, 1));
      assertEquals(claimed, read(state -> state.claimedBatches(worker, 4)));
    });
  }

  @Test
  @DisplayName("claimed are the batches of that generation's claims in their order, without those bound to a turn")
  void claimedOfGeneration() {
    WorkerId worker = worker();
    Batch first = claimed(wake(worker, "a"), 4);
    claimed(wake(worker, "b"), 3);
    Batch third = in(wake(worker, "c"), new BatchState.Claimed(claim(4), new TurnId(9)));
    in(wake(worker, "d"), new BatchState.Bound(new TurnId(9), claim(4)));
    claimed(wake(worker(), "elsewhere"), 4);

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, third), read(state -> state.claimedBatches(worker, 4)));
      assertEquals(List.of(), read(state -> state.claimedBatches(worker, 5)));
    });
    in(first, new BatchState.Waiting());
    nowAndAfterReopen(() -> assertEquals(List.of(third), read(state -> state.claimedBatches(worker, 4))));
  }

  @Test
  @DisplayName("batches are listed by number, in pages and by the text of their state")
  void listed() {
    WorkerId worker = worker();
    Batch first = in(wake(worker, "a"), new BatchState.Completed(new TurnId(5)));
    Batch second = claimed(wake(worker, "b"), 3);
    send(worker, "takes a number");
    Batch third = in(wake(worker, "c"), new BatchState.Cancelled());
    Batch fourth = in(wake(worker, "d"), new BatchState.Bound(new TurnId(6), claim(3)));
    Batch fifth = wake(worker, "e");

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second, third, fourth, fifth), batches(worker, 0, 10, null));
      assertEquals(List.of(second, third), batches(worker, 1, 2, null));
      assertEquals(List.of(), batches(worker, fifth.enqueueSeq(), 10, null));
      assertEquals(List.of(), batches(worker, 0, 0, null));
      assertEquals(List.of(second, fourth, fifth), batches(worker, 0, 10, "waiting"));
      assertEquals(List.of(fourth), batches(worker, 2, 1, "waiting"));
      assertEquals(List.of(first), batches(worker, 0, 10, "completed"));
      assertEquals(List.of(third), batches(worker, 0, 10, "cancelled"));
      assertEquals(List.of(), batches(worker, 0, 10, "claimed"));
    });
  }

  @Test
  @DisplayName("cancelling what is free in one session leaves what is bound, has ended, or is claimed under the live lease")
  void cancelFreeOfOne() {
    WorkerId worker = worker();
    hold(worker, 4);
    Batch live = claimed(wake(worker, "live"), 4);
    Batch dead = claimed(wake(worker, "dead"), 3);
    Batch bound = in(wake(worker, "bound"), new BatchState.Bound(new TurnId(5), claim(3)));
    Batch waiting = wakeAt(worker, "waiting", now().plusSeconds(60));
    WorkerId other = worker();
    Batch elsewhere = wake(other, "elsewhere");

    put(new QueueChange.FreeCancelled(worker, now()));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(live, dead.in(new BatchState.Cancelled()), bound, waiting.in(new BatchState.Cancelled())),
          batches(worker, 0, 10, null));
      assertEquals(new WorkQueue(worker, 4, 0, 2, 0), read(state -> state.workQueue(worker)));
      assertEquals(List.of(elsewhere), ready(other, 0, 10));
    });
    put(new QueueChange.FreeCancelled(worker, now().plus(TURN_LIMITS.leaseTtl())));
    nowAndAfterReopen(() -> {
      assertEquals(List.of(bound), batches(worker, 0, 10, "waiting"));
      assertEquals(1, read(state -> state.workQueue(worker)).queuedWork());
    });
  }

  @Test
  @DisplayName("cancelling what is free everywhere looks at each session's own lease")
  void cancelFreeOfAll() {
    WorkerId held = worker();
    hold(held, 2);
    Batch live = claimed(wake(held, "live"), 2);
    wake(held, "waiting");
    WorkerId expired = worker();
    hold(expired, 2);
    pass(TURN_LIMITS.leaseTtl());
    hold(held, 2);
    claimed(wake(expired, "dead"), 2);
    WorkerId never = worker();
    Batch bound = in(wake(never, "bound"), new BatchState.Bound(new TurnId(5), claim(1)));
    wake(never, "waiting");

    put(new QueueChange.FreeCancelled(null, now()));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(live), batches(held, 0, 10, "waiting"));
      assertEquals(List.of(), batches(expired, 0, 10, "waiting"));
      assertEquals(List.of(bound), batches(never, 0, 10, "waiting"));
      assertEquals(List.of(1, 0, 1), List.of(held, expired, never).stream()
          .map(id -> read(state -> state.workQueue(id)).queuedWork()).toList());
    });
    assertEquals(3, wake(never, "next").enqueueSeq());
  }
}
