package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queued work that is taken as a whole. All but its state stays as it was enqueued; ended ones stay, so that a repeated
 * source key finds them.
 *
 * @param enqueueSeq from the session's counter of inputs and batches
 * @param sourceKey unique per session among batches
 * @param availableAt before it the batch can't be taken, and blocks nothing
 * @param items at least one, all of one class
 */
public record Batch(
    BatchId id, WorkerId session, long enqueueSeq, @Nullable String sourceKey, Delivery delivery, Instant availableAt,
    Instant enqueuedAt, List<Payload> items, BatchState state) {
  public Batch {
    items = List.copyOf(items);
  }

  public Batch in(BatchState next) {
    return new Batch(id, session, enqueueSeq, sourceKey, delivery, availableAt, enqueuedAt, items, next);
  }

  /** As it is once nobody finds it by its key any more. */
  public Batch withoutKey() {
    return new Batch(id, session, enqueueSeq, null, delivery, availableAt, enqueuedAt, items, state);
  }

  public WorkClass workClass() {
    return items.getFirst().workClass();
  }

  public boolean isCommand() {
    return workClass() == WorkClass.SESSION_COMMAND;
  }

  /** The turn that it is bound to, was claimed in, or was completed by; or null. */
  public @Nullable TurnId turn() {
    return switch (state) {
      case BatchState.Claimed(_, TurnId turn) -> turn;
      case BatchState.Bound(TurnId turn, _) -> turn;
      case BatchState.Completed(TurnId turn) -> turn;
      case BatchState.Waiting _,BatchState.Cancelled _ -> null;
    };
  }
}
