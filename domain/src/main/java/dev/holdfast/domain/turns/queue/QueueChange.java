package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a unit of work writes about queued work and the counters of a session's queues. */
public sealed interface QueueChange extends Change {
  /** The batch, in whatever state it is. */
  record Enqueued(Batch batch) implements QueueChange {}

  /** The state of a batch that is there; nothing else of it ever changes. */
  record Moved(BatchId id, WorkerId session, BatchState state) implements QueueChange {
    /** @param batch as it is from now on */
    public Moved(Batch batch) {
      this(batch.id(), batch.session(), batch.state());
    }
  }

  record QueuePut(WorkQueue queue) implements QueueChange {}

  /**
   * Every batch that is free, of one session or of all when null, becomes cancelled and leaves its queue's count. One that
   * is claimed under a lease that is live at {@code now} stays, and so does one that is bound to an open turn.
   */
  record FreeCancelled(@Nullable WorkerId session, Instant now) implements QueueChange {}
}
