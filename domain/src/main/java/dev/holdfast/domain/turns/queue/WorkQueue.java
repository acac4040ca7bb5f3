package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.WorkerId;

/**
 * The counters of a session's two queues, inputs and queued work. None of the numbers is ever given twice.
 *
 * @param lastEnqueueSeq the highest number given to an input or batch, 0 before the first
 * @param pendingInputs inputs that wait and can be claimed or cancelled
 * @param queuedWork batches that are neither completed nor cancelled
 * @param lastClaimNo the highest number given to a claim, 0 before the first
 */
public record WorkQueue(WorkerId session, long lastEnqueueSeq, int pendingInputs, int queuedWork, long lastClaimNo) {
  public static WorkQueue empty(WorkerId session) {
    return new WorkQueue(session, 0, 0, 0, 0);
  }

  /** One more pending input, under the next number. */
  public WorkQueue plusInput() {
    return new WorkQueue(session, lastEnqueueSeq + 1, pendingInputs + 1, queuedWork, lastClaimNo);
  }

  /** One more waiting batch, under the next number. */
  public WorkQueue plusBatch() {
    return new WorkQueue(session, lastEnqueueSeq + 1, pendingInputs, queuedWork + 1, lastClaimNo);
  }

  /** So many inputs more (or fewer, below 0) are pending. */
  public WorkQueue plusPending(int inputs) {
    return new WorkQueue(session, lastEnqueueSeq, pendingInputs + inputs, queuedWork, lastClaimNo);
  }

  /** So many batches were completed or cancelled. */
  public WorkQueue minusBatches(int ended) {
    return new WorkQueue(session, lastEnqueueSeq, pendingInputs, queuedWork - ended, lastClaimNo);
  }

  /** One more claim, under the next number. */
  public WorkQueue plusClaim() {
    return new WorkQueue(session, lastEnqueueSeq, pendingInputs, queuedWork, lastClaimNo + 1);
  }
}
