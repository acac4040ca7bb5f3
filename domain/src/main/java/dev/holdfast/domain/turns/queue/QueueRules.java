package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Enqueueing commands and wakes, and taking them back (spec T-20 to T-32). */
public final class QueueRules {
  private QueueRules() {}

  /** A known source key with an equal payload answers the original, whatever has become of it (spec T-22, T-26). */
  public static Decision<Batch> enqueue(
      TurnReads state, Sender sender, BatchDraft draft, WorkerLimits limits, Instant now) {
    Outcome<Worker> found = WorkerRules.find(state, sender.runtime(), sender.worker(), sender.subject());
    String key = draft.effectiveKey();
    if (key != null && found instanceof Outcome.Done<Worker>(Worker worker)) {
      Optional<Batch> known = state.batchBySourceKey(worker.id(), key);
      if (known.isPresent()) {
        return replayed(known.get(), draft);
      }
    }
    Outcome.Refused<?> refusal = refusal(state, found, draft, limits);
    return refusal != null ? Decision.refused(refusal) : enqueued(state, found.orThrow(), draft, sender, now);
  }

  private static Decision<Batch> replayed(Batch known, BatchDraft draft) {
    // What was left out then and now is equal; the standard is part of the batch.
    boolean equal = known.items().equals(draft.items())
        && known.delivery().equals(draft.delivery() == null ? standard(draft) : draft.delivery())
        && (draft.availableAt() == null || draft.availableAt().equals(known.availableAt()));
    return equal
        ? Decision.replayed(known)
        : Decision.refused(Outcome.refused(Reason.SOURCE_KEY_CONFLICT, "existing_batch_id", known.id().value()));
  }

  private static @Nullable Delivery standard(BatchDraft draft) {
    WorkClass workClass = draft.workClass();
    return workClass == null ? null : Delivery.standard(workClass);
  }

  private static Outcome.@Nullable Refused<?> refusal(
      TurnReads state, Outcome<Worker> found, BatchDraft draft, WorkerLimits limits) {
    if (state.runtime().orElseThrow().status() == RuntimeStatus.STOPPED) {
      return Outcome.refused(Reason.RUNTIME_STOPPED);
    }
    if (found instanceof Outcome.Refused<Worker> refused) {
      return refused;
    }
    Worker worker = found.orThrow();
    Outcome.Refused<?> status = WorkerRules.refusalOfWork(worker);
    if (status != null) {
      return status;
    }
    if (draft.workClass() == null) {
      return Outcome.refused(Reason.MIXED_OR_EMPTY_BATCH);
    }
    boolean shared = draft.items().size() > 1
        || (draft.delivery() != null && draft.delivery().slot() == Delivery.Slot.JOIN);
    if (draft.workClass() == WorkClass.SESSION_COMMAND && shared) {
      // Commands are claimed one by one; such a batch could never be, and would stop all that is behind it (spec T-27).
      return Outcome.refused(Reason.COMMAND_CLAIM_INVALID);
    }
    for (Payload item : draft.items()) {
      Outcome.Refused<?> wrong = refusal(item, limits);
      if (wrong != null) {
        return wrong;
      }
    }
    return state.workQueue(worker.id()).queuedWork() >= limits.maxQueuedWork()
        ? Outcome.refused(Reason.QUEUE_LIMIT_REACHED, "max", limits.maxQueuedWork())
        : null;
  }

  private static Outcome.@Nullable Refused<?> refusal(Payload item, WorkerLimits limits) {
    return switch (item) {
      case Payload.Wake wake -> limits.refusalOfText("text", wake.text());
      case Payload.Command(_, String note) -> note == null ? null : limits.refusalOfText("note", note);
    };
  }

  private static Decision<Batch> enqueued(
      TurnReads state, Worker worker, BatchDraft draft, Sender sender, Instant now) {
    WorkClass workClass = Objects.requireNonNull(draft.workClass());
    var events = new NewEvents(state, now, sender.keyId());
    var id = new BatchId(events.nextId());
    events.add(worker.id(), EventName.QUEUE_ENQUEUED, Json.object("batch_id", id.value(), "class", workClass.text()));
    WorkQueue queue = state.workQueue(worker.id()).plusBatch();
    var batch = new Batch(id, worker.id(), queue.lastEnqueueSeq(), draft.effectiveKey(),
        draft.delivery() == null ? Delivery.standard(workClass) : draft.delivery(),
        draft.availableAt() == null ? now : draft.availableAt(), now, draft.items(), new BatchState.Waiting());
    return Decision.done(batch, List.of(new QueueChange.Enqueued(batch), new QueueChange.QueuePut(queue),
        new WorkerChange.Moved(worker.at(events.lastId())), events.changes().getFirst()));
  }

  /** One that has ended answers as it is (spec T-31). */
  public static Decision<Batch> cancel(TurnReads state, Sender sender, BatchId id, Instant now) {
    Outcome<Worker> found = WorkerRules.find(state, sender.runtime(), sender.worker(), sender.subject());
    if (found instanceof Outcome.Refused<Worker> refused) {
      return Decision.refused(refused);
    }
    Optional<Batch> batch = state.batch(id).filter(b -> b.session().equals(sender.worker()));
    if (batch.isEmpty()) {
      return Decision.refused(Reason.BATCH_NOT_FOUND);
    }
    if (batch.get().state().isEnded()) {
      return Decision.unchanged(batch.get());
    }
    WorkerId session = sender.worker();
    if (!batch.get().state().isFree(state.lease(session).liveGeneration(now))) {
      return Decision.refused(Reason.BATCH_CLAIMED);
    }
    Batch cancelled = batch.get().in(new BatchState.Cancelled());
    var events = new NewEvents(state, now, sender.keyId());
    events.add(session, EventName.QUEUE_BATCH_CANCELLED, Json.object("batch_id", id.value()));
    return Decision.done(cancelled, List.of(new QueueChange.Moved(cancelled),
        new QueueChange.QueuePut(state.workQueue(session).minusBatches(1)),
        new WorkerChange.Moved(found.orThrow().at(events.lastId())), events.changes().getFirst()));
  }
}
