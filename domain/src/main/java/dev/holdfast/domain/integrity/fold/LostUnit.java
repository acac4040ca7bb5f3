package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * What is still known of a unit of work whose changes are lost (spec I-15).
 *
 * @param worker whose rows it wrote, beside those of the runtime; null where several units were given up
 * @param lastWorker the highest number of a worker that it may have made, 0 for none
 * @param firstEvent the id of its first event, or of the next to come when it had none
 * @param events how many it had, with consecutive ids
 * @param audits how many records of the audit it had
 */
public record LostUnit(@Nullable WorkerId worker, long lastWorker, long firstEvent, int events, int audits) {

  /** A unit of one worker. */
  public static LostUnit of(WorkerId worker, long firstEvent, int events, int audits) {
    return new LostUnit(worker, worker.number(), firstEvent, events, audits);
  }

  /** Units that were given up. */
  public static LostUnit givenUp(long lastWorker, long firstEvent, int events, int audits) {
    return new LostUnit(null, lastWorker, firstEvent, events, audits);
  }
}
