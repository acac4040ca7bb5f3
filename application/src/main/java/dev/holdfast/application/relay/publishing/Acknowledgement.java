package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.publishing.AttemptPost;

/**
 * Tells the node that a task has arrived, beside the call of the backend, which needn't wait for that. Where the node doesn't know
 * the attempt any more, the thread that works on it is interrupted.
 */
final class Acknowledgement implements AutoCloseable {
  private final Thread worker = Thread.currentThread();
  private final Thread thread;
  // Guarded by this.
  private boolean settled;

  Acknowledgement(Posts posts) {
    this.thread = Thread.ofVirtual().start(() -> post(posts));
  }

  private void post(Posts posts) {
    try {
      Outcome<Boolean> known = posts.post(new AttemptPost.Received());
      if (Posts.is(known, Reason.TASK_NOT_FOUND)) {
        drop();
      }
    } catch (InterruptedException e) {
      // The attempt has ended.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void drop() {
    if (!settled) {
      settled = true;
      worker.interrupt();
    }
  }

  /** Something else is posted of the attempt, and tells the same. */
  synchronized void settle() {
    settled = true;
  }

  @Override
  public void close() {
    settle();
    thread.interrupt();
  }
}
