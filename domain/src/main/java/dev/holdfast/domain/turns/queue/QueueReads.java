package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Queued work as one consistent state shows it. {@code liveGeneration} is that of the session's live lease, or 0 when there
 * is none: claims of other generations are dead.
 */
public interface QueueReads {
  /** The counters of the session's queues; all 0 before the first use. */
  WorkQueue workQueue(WorkerId session);

  /** Empty also when the batch is forgotten. */
  Optional<Batch> batch(BatchId id);

  /** As {@link #batch}; of those that are forgotten also what a turn took, without its source key, until it is pruned. */
  Optional<Batch> taken(BatchId id);

  /** The forgotten batches that turns took and that weren't pruned, by enqueue_seq, behind {@code after}. */
  List<Batch> forgottenBatches(WorkerId session, long after, int limit);

  Optional<Batch> batchBySourceKey(WorkerId session, String sourceKey);

  /** The first free batches by enqueue_seq that are available at {@code now}; others cost nothing (spec T-23). */
  List<Batch> readyBatches(WorkerId session, Instant now, long liveGeneration, int limit);

  /** The batches that are claimed, not bound, under that generation, by enqueue_seq. */
  List<Batch> claimedBatches(WorkerId session, long generation);

  /**
   * @param after the enqueue_seq behind which to begin, 0 for the start
   * @param state only batches whose state has that {@link BatchState#text}, or all when null
   * @return by enqueue_seq
   */
  List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state);
}
