package dev.holdfast.http.access.listener;

/**
 * How long a sender is still waited for. Waiting takes from it, and what is sent adds to it, but never beyond what there was
 * at the start: nobody can pay in advance for a pause (spec ).
 */
final class Pace {
  private final long patience;
  private final long nanosPerByte;
  private long left;

  private Pace(long patience, long nanosPerByte) {
    this.patience = patience;
    this.nanosPerByte = nanosPerByte;
    this.left = patience;
  }

  /** However much comes, it must be whole in time. */
  static Pace deadline(long nanos) {
    return new Pace(nanos, 0);
  }

  /** Of each stretch of {@code nanos} that is longer than it would take at that rate, the sender must have made good use. */
  static Pace rate(long nanos, long bytesPerSecond) {
    return new Pace(nanos, 1_000_000_000 / bytesPerSecond);
  }

  void waited(long nanos) {
    left -= nanos;
  }

  void received(long bytes) {
    // The product of what one read can bring is far from an overflow.
    left = Math.min(patience, left + bytes * nanosPerByte);
  }

  /** In ns; the sender is too slow when it is 0 or less. */
  long left() {
    return left;
  }
}
