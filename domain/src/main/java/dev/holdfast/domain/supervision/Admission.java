package dev.holdfast.domain.supervision;

/**
 * How many are served and how many wait (spec supervision S-40 to S-44). Recording checks no bound: whoever records has
 * evaluated in the same step.
 *
 * @param maxInFlight above 0
 * @param queueBound above 0
 */
public record Admission(int maxInFlight, int queueBound, int inFlight, int queued) {

  /** @throws IllegalArgumentException for a state that can't be: malformed_admission_state */
  public Admission {
    if (maxInFlight < 1 || queueBound < 1 || inFlight < 0 || queued < 0) {
      throw new IllegalArgumentException("malformed_admission_state");
    }
  }

  public static Admission create(int maxInFlight, int queueBound) {
    return new Admission(maxInFlight, queueBound, 0, 0);
  }

  /** What one more call may do. */
  public enum Verdict {
    OK,
    /** All places are taken; it may wait. */
    AT_CAPACITY,
    /** It may not even wait. */
    QUEUE_FULL
  }

  public Verdict evaluate() {
    if (inFlight < maxInFlight) {
      return Verdict.OK;
    }
    return queued < queueBound ? Verdict.AT_CAPACITY : Verdict.QUEUE_FULL;
  }

  public Admission begun() {
    return new Admission(maxInFlight, queueBound, inFlight + 1, queued);
  }

  /** @throws IllegalStateException no_in_flight_to_complete */
  public Admission completed() {
    if (inFlight == 0) {
      throw new IllegalStateException("no_in_flight_to_complete");
    }
    return new Admission(maxInFlight, queueBound, inFlight - 1, queued);
  }

  public Admission enqueued() {
    return new Admission(maxInFlight, queueBound, inFlight, queued + 1);
  }

  /** @throws IllegalStateException no_queued_to_dequeue */
  public Admission dequeued() {
    if (queued == 0) {
      throw new IllegalStateException("no_queued_to_dequeue");
    }
    return new Admission(maxInFlight, queueBound, inFlight, queued - 1);
  }

  /** With other bounds; who is in stays in. */
  public Admission bounded(int max, int bound) {
    return new Admission(max, bound, inFlight, queued);
  }
}
