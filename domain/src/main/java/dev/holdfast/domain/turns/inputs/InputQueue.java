package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.WorkerId;

/**
 * The counters of a session's inputs.
 *
 * @param lastEnqueueSeq the highest number given, 0 before the first; never goes back
 * @param pending inputs that can still be claimed or cancelled
 */
public record InputQueue(WorkerId session, long lastEnqueueSeq, int pending) {
  public static InputQueue empty(WorkerId session) {
    return new InputQueue(session, 0, 0);
  }

  InputQueue plusOne() {
    return new InputQueue(session, lastEnqueueSeq + 1, pending + 1);
  }

  /** So many pending inputs were claimed or cancelled. */
  public InputQueue minus(int taken) {
    return new InputQueue(session, lastEnqueueSeq, pending - taken);
  }
}
