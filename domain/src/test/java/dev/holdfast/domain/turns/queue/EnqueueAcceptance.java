package dev.holdfast.domain.turns.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.Delivery.Policy;
import dev.holdfast.domain.turns.queue.Payload.Command.Kind;
import dev.holdfast.domain.workers.WorkerLimits;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What may be enqueued, and what a source key answers, as spec turns §3 and §19 want it of every backend. */
public abstract class EnqueueAcceptance extends KernelSuite {
  private static final Delivery JOIN = join(Policy.EARLIEST_SAFE_BOUNDARY, "a");

  @Test
  @DisplayName("T-A23 mixed, empty batch refused; so is a command batch that could never be claimed")
  void mixedOrEmpty() {
    WorkerId worker = worker();
    Payload refresh = new Payload.Command(Kind.REFRESH_TOOL_CATALOG, null);
    Payload wake = Payload.Wake.of("mail", 1, "a letter came");
    for (List<Payload> items : List.of(List.<Payload>of(), List.of(refresh, wake), List.of(wake, refresh))) {
      refused(Reason.MIXED_OR_EMPTY_BATCH, enqueueing(worker, new BatchDraft(items, null, null, null)));
    }
    refused(Reason.COMMAND_CLAIM_INVALID,
        enqueueing(worker, new BatchDraft(List.of(refresh, refresh), null, null, null)));
    refused(Reason.COMMAND_CLAIM_INVALID, enqueueing(worker, new BatchDraft(List.of(refresh), JOIN, null, null)));
    Batch two = done(enqueueing(worker, new BatchDraft(List.of(wake, wake), null, null, null)));
    nowAndAfterReopen(() -> assertEquals(2, present(two).items().size()));
  }

  @Test
  @DisplayName("T-A23 (keys) queued work with a known key and other payload conflicts, also after completion and cancel")
  void sourceKeys() {
    WorkerId worker = worker();
    var draft = new BatchDraft(List.of(Payload.Wake.of("mail", 1, "a letter came")), null, null, "key");
    BatchDraft natural = BatchDraft.of(Payload.Wake.of("mail", 2, "another came"));
    Batch keyed = done(enqueueing(worker, draft));
    Batch named = done(enqueueing(worker, natural));
    assertEquals("wake:mail:2", named.sourceKey());

    nowAndAfterReopen(() -> assertKeys(worker, draft, keyed, natural, named));
    NextWork.Run run = take(worker, HERE);
    done(committing(completing(run, "read")));
    done(state -> QueueRules.cancel(state, Sender.to(worker), named.id(), now()));
    nowAndAfterReopen(() -> assertKeys(worker, draft, keyed, natural, named));
    assertEquals("completed", present(keyed).state().text());
    assertEquals("cancelled", present(named).state().text());

    done(state -> LifecycleRules.stopRuntime(state, null, null, now()));
    nowAndAfterReopen(() -> assertKeys(worker, draft, keyed, natural, named));
    // A key is of one session.
    done(state -> LifecycleRules.startRuntime(state, null, null, now()));
    List<Payload> elsewhere = List.of(Payload.Wake.of("mail", 1, "other"));
    assertEquals(elsewhere, done(enqueueing(worker(), new BatchDraft(elsewhere, null, null, "key"))).items());
  }

  private void assertKeys(WorkerId worker, BatchDraft draft, Batch keyed, BatchDraft natural, Batch named) {
    String before = read(StateText::of);
    assertEquals(new Outcome.Replayed<>(present(keyed)), write(enqueueing(worker, draft)));
    assertEquals(new Outcome.Replayed<>(present(named)), write(enqueueing(worker, natural)));
    assertEquals(before, read(StateText::of));
    for (BatchDraft changed : List.of(
        new BatchDraft(List.of(Payload.Wake.of("mail", 1, "changed")), null, null, "key"),
        new BatchDraft(List.of(new Payload.Command(Kind.RESET_SESSION, null)), null, null, "key"),
        new BatchDraft(draft.items(), JOIN, null, "key"),
        new BatchDraft(draft.items(), null, START.plusSeconds(99), "key"))) {
      assertEquals(keyed.id().value(),
          refused(Reason.SOURCE_KEY_CONFLICT, enqueueing(worker, changed)).facts().get("existing_batch_id"));
    }
    assertEquals(named.id().value(), refused(Reason.SOURCE_KEY_CONFLICT,
        enqueueing(worker, BatchDraft.of(Payload.Wake.of("mail", 2, "changed")))).facts().get("existing_batch_id"));
  }

  @Test
  @DisplayName("enqueueing is refused by a stopped runtime, a worker that doesn't run, a full queue and a long text (T-26)")
  void refusals() {
    WorkerId worker = worker();
    var limits = new WorkerLimits(10, 10, 3, 2, 10);
    refused(Reason.WORKER_NOT_FOUND, enqueueing(new WorkerId(99), wakeDraft("x", null, null)));
    BatchDraft tooLong = wakeDraft("12345678901", null, null);
    refused(Reason.INPUT_TOO_LARGE, state -> QueueRules.enqueue(state, Sender.to(worker), tooLong, limits, now()));
    refused(Reason.INVALID_REQUEST, enqueueing(worker, wakeDraft(" ", null, null)));
    wake(worker, "one");
    wake(worker, "two");
    BatchDraft third = wakeDraft("x", null, null);
    nowAndAfterReopen(() -> assertEquals(2, refused(Reason.QUEUE_LIMIT_REACHED,
        state -> QueueRules.enqueue(state, Sender.to(worker), third, limits, now())).facts().get("max")));
    end(worker, Ending.STOP);
    assertEquals(0, read(state -> state.workQueue(worker)).queuedWork());
    refused(Reason.WORKER_NOT_RUNNING, enqueueing(worker, third));
    done(state -> LifecycleRules.stopRuntime(state, null, null, now()));
    refused(Reason.RUNTIME_STOPPED, enqueueing(worker, third));
  }
}
