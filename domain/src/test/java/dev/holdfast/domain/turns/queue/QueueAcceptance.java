package dev.holdfast.domain.turns.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.queue.Delivery.Policy;
import dev.holdfast.domain.turns.queue.Payload.Command.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is claimed of queued work, given back and cancelled, as spec turns §19 wants it of every backend. */
public abstract class QueueAcceptance extends KernelSuite {
  private static final Delivery JOIN_A = join(Policy.EARLIEST_SAFE_BOUNDARY, "a");
  private static final Delivery JOIN_B = join(Policy.EARLIEST_SAFE_BOUNDARY, "b");
  private static final Delivery LATE_A = join(Policy.AFTER_CURRENT_TURN_COMMIT, "a");
  private static final Delivery NEVER = join(Policy.EARLIEST_SAFE_BOUNDARY, null);
  private static final Delivery DEFAULT = join(Policy.EARLIEST_SAFE_BOUNDARY, Delivery.PAYLOAD_DEFAULT);

  /** What a claim at idle would hold now, by its wakes' texts; it is given back at once. */
  private List<String> next(Fence fence, int max) {
    Optional<Claimed<Batch>> claimed = done(claimingTurnWork(fence, null, max));
    claimed.ifPresent(some -> assertEquals(
        some.items().size(), abandon(fence, some.claim().id(), some.claim().token())));
    return claimed.map(Claimed::items).orElse(List.of()).stream().map(QueueAcceptance::text).toList();
  }

  private static String text(Batch batch) {
    return assertInstanceOf(Payload.Wake.class, batch.items().getFirst()).text();
  }

  private void reopenIfDurable() {
    if (isDurable()) {
      reopenStore();
    }
  }

  @Test
  @DisplayName("T-A15 available_at respected; a future batch blocks nothing")
  void availability() {
    WorkerId worker = worker();
    done(enqueueing(worker, new BatchDraft(
        List.of(new Payload.Command(Kind.RESET_SESSION, null)), null, now().plusSeconds(20), null)));
    done(enqueueing(worker, wakeDraft("later", null, now().plusSeconds(10))));
    wake(worker, "at once");
    Fence fence = acquire(worker, AGENT);

    nowAndAfterReopen(() -> {
      assertEquals(Optional.empty(), done(claimingCommand(fence)));
      assertEquals(List.of("at once"), next(fence, 10));
      assertEquals(3, read(state -> state.workQueue(worker)).queuedWork());
    });
    pass(Duration.ofSeconds(10).minusNanos(1000));
    assertEquals(List.of("at once"), next(fence, 10));
    pass(Duration.ofNanos(1000));
    nowAndAfterReopen(() -> assertEquals(List.of("later"), next(fence, 10)));
    pass(Duration.ofSeconds(10));
    nowAndAfterReopen(() -> assertEquals(List.of(), next(fence, 10)));
    assertEquals(1, done(claimingCommand(fence)).orElseThrow().items().size());
  }

  @Test
  @DisplayName("T-A15 (join) by merge key and policy, never with none, in order, at most so many; a command stops")
  void joining() {
    WorkerId worker = worker();
    for (Delivery delivery : List.of(JOIN_A, JOIN_A, JOIN_B, JOIN_A, LATE_A, NEVER, NEVER, DEFAULT, DEFAULT)) {
      wake(worker, String.valueOf(delivery.mergeKey()), delivery);
    }
    Delivery alone = Delivery.standard(WorkClass.TURN_WORK);
    wake(worker, "alone", alone);
    wake(worker, "alone too", alone);
    wake(worker, "before a command", DEFAULT);
    refresh(worker);
    wake(worker, "behind a command", DEFAULT);
    Fence fence = acquire(worker, AGENT);

    assertEquals(List.of("a", "a"), next(fence, 10));
    nowAndAfterReopen(() -> assertEquals(List.of("a"), next(fence, 1)));
    assertEquals(List.of(), next(fence, 0));
    for (List<String> group : List.of(List.of("a", "a"), List.of("b"), List.of("a"), List.of("a"), List.of("null"),
        List.of("null"), List.of("payload_default", "payload_default"), List.of("alone"), List.of("alone too"),
        List.of("before a command"))) {
      Claimed<Batch> claimed = done(claimingTurnWork(fence, null, 10)).orElseThrow();
      assertEquals(group, claimed.items().stream().map(QueueAcceptance::text).toList());
      assertEquals(1, claimed.items().stream().map(batch -> batch.state().claim()).distinct().count(), "one claim");
    }
    assertEquals(Optional.empty(), done(claimingTurnWork(fence, null, 10)), "the command is in front");
    assertEquals(1, done(claimingCommand(fence)).orElseThrow().items().size());
    assertEquals(List.of("behind a command"), next(fence, 10));
  }

  @Test
  @DisplayName("T-A15 (ids) ids that aren't the next group claim nothing; the whole group in any order does")
  void byIds() {
    WorkerId worker = worker();
    BatchId one = wake(worker, "one", JOIN_A).id();
    BatchId two = wake(worker, "two", JOIN_A).id();
    BatchId other = wake(worker, "other", JOIN_B).id();
    Fence fence = acquire(worker, AGENT);

    String before = read(StateText::of);
    assertEquals(Optional.empty(), done(claimingIds(fence, two)));
    assertEquals(Optional.empty(), done(claimingIds(fence, one)), "only a part");
    assertEquals(Optional.empty(), done(claimingIds(fence, one, two, other)));
    assertEquals(Optional.empty(), done(claimingIds(fence, other)));
    assertEquals(Optional.empty(), done(claimingIds(fence, one, new BatchId(9999))));
    assertEquals(Optional.empty(), done(claimingIds(fence)));
    assertEquals(before, read(StateText::of), "looking writes nothing");
    assertEquals(List.of(one, two),
        done(claimingIds(fence, two, one)).orElseThrow().items().stream().map(Batch::id).toList());
    nowAndAfterReopen(() -> assertEquals(Optional.empty(), done(claimingIds(fence, one, two)), "claimed already"));
  }

  @Test
  @DisplayName("T-A16 cancel of a claimed batch refused, after abandon works; abandon with a stale token no effect")
  void cancelOfClaimed() {
    WorkerId worker = worker();
    Batch batch = wake(worker, "a letter came");
    Fence fence = acquire(worker, AGENT);
    Claimed<Batch> claimed = done(claimingTurnWork(fence, null, 10)).orElseThrow();

    nowAndAfterReopen(() -> {
      refused(Reason.BATCH_CLAIMED, state -> QueueRules.cancel(state, Sender.to(worker), batch.id(), now()));
      String before = read(StateText::of);
      assertEquals(0, abandon(fence, claimed.claim().id(), "a stale token"));
      assertEquals(0, abandon(fence, "qwc:1:999", claimed.claim().token()));
      assertEquals(before, read(StateText::of));
    });
    assertEquals(1, abandon(fence, claimed.claim().id(), claimed.claim().token()));
    nowAndAfterReopen(() -> assertEquals(new BatchState.Waiting(), present(batch).state()));
    Batch cancelled = done(state -> QueueRules.cancel(state, Sender.to(worker), batch.id(), now()));
    nowAndAfterReopen(() -> {
      assertEquals(new BatchState.Cancelled(), cancelled.state());
      assertEquals(cancelled, present(batch));
      assertEquals(cancelled, done(state -> QueueRules.cancel(state, Sender.to(worker), batch.id(), now())));
      assertEquals(0, read(state -> state.workQueue(worker)).queuedWork());
      assertEquals(0, abandon(fence, claimed.claim().id(), claimed.claim().token()));
      assertEquals(List.of(), next(fence, 10));
    });
  }

  @Test
  @DisplayName("T-A16 (bound) what an open turn began with is claimed until it ends, and a dead claim is none")
  void cancelOfBound() {
    WorkerId worker = worker();
    Batch bound = wake(worker, "a letter came");
    NextWork.Run run = take(worker, HERE);
    Batch free = wake(worker, "another came");
    assertEquals(true, done(claimingTurnWork(run.lease().fence(), run.turn().id(), 10)).isPresent());
    assertEquals(0, abandon(run.lease().fence(), run.claim().id(), run.claim().token()), "the turn's, not the claim's");
    refused(Reason.BATCH_CLAIMED, state -> QueueRules.cancel(state, Sender.to(worker), free.id(), now()));

    pass(TURN_LIMITS.leaseTtl());
    nowAndAfterReopen(
        () -> refused(Reason.BATCH_CLAIMED, state -> QueueRules.cancel(state, Sender.to(worker), bound.id(), now())));
    done(state -> QueueRules.cancel(state, Sender.to(worker), free.id(), now()));
    refused(Reason.BATCH_NOT_FOUND, state -> QueueRules.cancel(state, Sender.to(worker), new BatchId(9999), now()));
    WorkerId other = worker();
    refused(Reason.BATCH_NOT_FOUND, state -> QueueRules.cancel(state, Sender.to(other), bound.id(), now()));
  }

  @Test
  @DisplayName("T-A19 100 rows claimed by the generation don't hide later rows")
  void claimedRowsHideNothing() {
    WorkerId worker = worker();
    for (int i = 1; i <= 100; i++) {
      wake(worker, "wake " + i, JOIN_A);
    }
    Fence fence = acquire(worker, AGENT);
    assertEquals(100, done(claimingTurnWork(fence, null, 100)).orElseThrow().items().size());
    wake(worker, "later", JOIN_A);
    refresh(worker);

    nowAndAfterReopen(() -> assertEquals(List.of("later"), next(fence, 1)));
    assertEquals(true, done(claimingTurnWork(fence, null, 1)).isPresent());
    nowAndAfterReopen(() -> assertEquals(102, read(state -> state.workQueue(worker)).queuedWork()));
    assertEquals(1, done(claimingCommand(fence)).orElseThrow().items().size());
  }

  @Test
  @DisplayName("T-A25 (queue) numbers and claim ids never repeat after cancels, abandons, takeovers and restarts")
  void numbers() {
    WorkerId worker = worker();
    Batch first = wake(worker, "one");
    assertEquals(2, send(worker, "an input").enqueueSeq(), "one counter for both families");
    Fence fence = acquire(worker, AGENT);
    Claimed<Batch> one = done(claimingTurnWork(fence, null, 1)).orElseThrow();
    assertEquals("qwc:1:1", one.claim().id());
    abandon(fence, one.claim().id(), one.claim().token());
    reopenIfDurable();
    assertEquals("qwc:1:2", done(claimingTurnWork(fence, null, 1)).orElseThrow().claim().id());
    assertEquals("inc:2:3", done(claimingInputs(fence, 10)).orElseThrow().claim().id());
    pass(TURN_LIMITS.leaseTtl());
    Fence later = acquire(worker, AGENT);
    assertEquals(2, later.generation());
    assertEquals("qwc:1:4", done(claimingTurnWork(later, null, 1)).orElseThrow().claim().id());
    release(later);
    done(state -> QueueRules.cancel(state, Sender.to(worker), first.id(), now()));
    reopenIfDurable();

    Batch next = wake(worker, "two");
    assertEquals(3, next.enqueueSeq());
    Fence last = acquire(worker, OTHER_AGENT);
    assertEquals(3, last.generation());
    assertEquals("qwc:3:5", done(claimingTurnWork(last, null, 1)).orElseThrow().claim().id());
  }
}
