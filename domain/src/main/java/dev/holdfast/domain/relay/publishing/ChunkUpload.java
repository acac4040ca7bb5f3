package dev.holdfast.domain.relay.publishing;

import dev.holdfast.domain.Outcome;

/** Chunks of one attempt on their way to the node in one call. It is used on one thread at a time. */
public abstract class ChunkUpload implements AutoCloseable {

  /**
   * Sends a chunk at once. Waits while the node doesn't read, which it doesn't while the answer's reader is behind.
   *
   * @return false when the node takes no more; {@link #end} tells why
   */
  public abstract boolean send(AttemptPost.Chunk chunk) throws InterruptedException;

  /** Tells the node, which cuts a call that is quiet for too long, that there is more to come. */
  public abstract boolean stay() throws InterruptedException;

  /** Bytes sent so far; a call has a largest size, behind which another one is begun. */
  public abstract long sent();

  /**
   * Ends the call.
   *
   * @return whether all that was sent was taken; node_unreachable where that can't be known
   */
  public abstract Outcome<Boolean> end() throws InterruptedException;

  /** Breaks the call off unless it has ended. */
  @Override
  public abstract void close();
}
