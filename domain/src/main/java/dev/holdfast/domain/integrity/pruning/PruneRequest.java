package dev.holdfast.domain.integrity.pruning;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is to be pruned: of each kind all that is older than an instant, or nothing where that is null. Which instant of a row
 * counts is told by {@link Age}.
 *
 * @param transcriptsOfFinishedBefore entries of workers that were stopped or cancelled and have nothing open; their inputs are
 *     forgotten with them
 * @param outputsBefore output records, all of a turn at once
 * @param tombstonesBefore inputs and batches that were completed or cancelled; their source keys are free again
 * @param tasksBefore durable inference tasks, of which there are none yet
 */
public record PruneRequest(
    @Nullable Instant eventsBefore, @Nullable Instant transcriptsOfFinishedBefore, @Nullable Instant outputsBefore,
    @Nullable Instant tombstonesBefore, @Nullable Instant tasksBefore, @Nullable Instant auditBefore,
    @Nullable Instant diagnosticsBefore) {

  /** Whether it names nothing at all. */
  public boolean isEmpty() {
    return eventsBefore == null && transcriptsOfFinishedBefore == null && outputsBefore == null
        && tombstonesBefore == null && tasksBefore == null && auditBefore == null && diagnosticsBefore == null;
  }

  /** Whether workers have to be looked at for it. */
  boolean isOfWorkers() {
    return transcriptsOfFinishedBefore != null || outputsBefore != null || tombstonesBefore != null;
  }
}
