package dev.holdfast.application.turns;

import dev.holdfast.domain.turns.leases.Fence;
import org.jspecify.annotations.Nullable;

/** One session being drained by the built-in executor: its thread, and what it holds there at the moment. */
final class Draining {
  private @Nullable Thread thread;
  private @Nullable Fence fence;
  private boolean again;

  synchronized void start(Thread drain) {
    thread = drain;
    drain.start();
  }

  synchronized void holds(Fence held) {
    fence = held;
  }

  /** The turn has ended. An interruption that was meant for it must not reach the next one. */
  synchronized void letsGo() {
    fence = null;
    Thread.interrupted();
  }

  synchronized @Nullable Fence held() {
    return fence;
  }

  synchronized void interruptIf(Fence held) {
    if (held.equals(fence)) {
      interrupt();
    }
  }

  synchronized void interrupt() {
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
