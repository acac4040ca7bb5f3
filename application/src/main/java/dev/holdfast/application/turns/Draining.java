package dev.holdfast.application.turns;

import dev.holdfast.domain.turns.leases.Fence;
import org.jspecify.annotations.Nullable;

/** One session being drained by the built-in executor: its thread, and what it holds there at the moment. */
final class Draining {
  private @Nullable Thread thread;
  private @Nullable Fence fence;
  private boolean cancelling;
  private boolean handingOver;
  private boolean again;

  synchronized void start(Thread drain) {
    thread = drain;
    drain.start();
  }

  synchronized void holds(Fence held) {
    fence = held;
    cancelling = false;
  }

  /** The turn has ended. An interruption that was meant for it must not reach the next one. */
  synchronized void letsGo() {
    fence = null;
    if (!handingOver) {
      Thread.interrupted();
    }
  }

  synchronized @Nullable Fence held() {
    return fence;
  }

  /** The lease is lost, so what is produced under it is of no use. */
  synchronized void interruptIf(Fence held) {
    if (held.equals(fence)) {
      wake();
    }
  }

  /** The turn that runs under this lease is to end as cancelled. */
  synchronized void cancel(Fence held) {
    if (held.equals(fence)) {
      cancelling = true;
      wake();
    }
  }

  /**
   * Whether an interruption was a cancel of the turn, and nothing else. What ends the turn then is not to be interrupted by
   * it once more.
   */
  synchronized boolean takesCancel() {
    boolean cancelled = cancelling && !handingOver;
    if (cancelled) {
      Thread.interrupted();
    }
    return cancelled;
  }

  /** The node shuts down. */
  synchronized void handOver() {
    handingOver = true;
    wake();
  }

  private void wake() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** The session is to be looked at once more: somebody asked for it, or it leaves its slot to one that waits. */
  synchronized void askAgain() {
    again = true;
  }

  synchronized boolean isAskedAgain() {
    return again;
  }
}
