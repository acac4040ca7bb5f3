package dev.holdfast.http.relay;

import dev.holdfast.application.relay.Relayed;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.ProviderAnswer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A call on a thread of its own, so that its caller can be told of its place in the queue meanwhile (spec R-44). */
final class QueuedCall implements AutoCloseable {
  private final Thread thread;
  // All guarded by this.
  private int place;
  private boolean moved;
  /** Of the monotonic clock; 0 before it was queued. */
  private long queuedAt;
  private @Nullable Outcome<Relayed> outcome;
  private @Nullable RuntimeException broke;
  private boolean left;

  /** How the call is made. */
  interface Making {
    /** @param place told of its place in a queue, from 1, and 0 when it has left that */
    Outcome<Relayed> call(IntConsumer place) throws InterruptedException;
  }

  QueuedCall(Making making) {
    thread = Thread.ofVirtual().name("queued call").start(() -> run(making));
  }

  private void run(Making making) {
    try {
      end(making.call(this::at), null);
    } catch (InterruptedException e) {
      end(Outcome.refused(Reason.TASK_CANCELLED), null);
    } catch (RuntimeException e) {
      end(null, e);
    } catch (Error e) {
      end(null, new IllegalStateException("a queued call failed", e));
      throw e;
    }
  }

  private synchronized void at(int now) {
    place = now;
    moved = true;
    queuedAt = queuedAt == 0 ? System.nanoTime() : queuedAt;
    notifyAll();
  }

  private void end(@Nullable Outcome<Relayed> done, @Nullable RuntimeException failed) {
    synchronized (this) {
      if (!left) {
        outcome = done;
        broke = failed;
        notifyAll();
        return;
      }
    }
    dispose(done);
  }

  private static void dispose(@Nullable Outcome<Relayed> done) {
    if (done instanceof Outcome.Done<Relayed>(Relayed relayed)
        && relayed.answer() instanceof ProviderAnswer.Streamed(var stream)) {
      stream.close();
    }
  }

  /**
   * Waits for its outcome, for another place in the queue, or until the time is over. Whoever gets the outcome has it.
   *
   * @throws RuntimeException what the call has thrown
   */
  synchronized Optional<Outcome<Relayed>> await(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    for (long wait = atMost.toMillis(); isQuiet() && wait > 0;) {
      wait(wait);
      wait = (until - System.nanoTime()) / 1_000_000;
    }
    moved = false;
    if (broke != null) {
      throw broke;
    }
    Optional<Outcome<Relayed>> done = Optional.ofNullable(outcome);
    outcome = null;
    return done;
  }

  private boolean isQuiet() {
    return outcome == null && broke == null && !moved;
  }

  /** In the queue, from 1; 0 while it isn't in one. */
  synchronized int place() {
    return place;
  }

  /** Since it was queued first. */
  synchronized Duration waited() {
    return queuedAt == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - queuedAt);
  }

  /** Ends the call, unless somebody has its outcome. */
  @Override
  public void close() {
    Outcome<Relayed> unread;
    synchronized (this) {
      left = true;
      unread = outcome;
      outcome = null;
    }
    thread.interrupt();
    dispose(unread);
  }
}
