package dev.holdfast.cli.turns;

import dev.holdfast.cli.EventStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waiting for something on a thread of its own, which can be left: what is waited for goes on at the node, and what its thread
 * still hears is shown to nobody.
 */
final class Attention {
  private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
  private @Nullable EventStream stream;
  private Supplier<String> farewell = () -> "left; whether the node took the line shows: /history 1";
  private boolean left;
  private @Nullable Thread thread;

  /** @return whether the task ended by itself; what it threw is thrown */
  boolean on(Runnable task) {
    synchronized (this) {
      thread = Thread.ofVirtual().name("follower").start(() -> run(task));
    }
    try {
      done.join();
      return true;
    } catch (CompletionException e) {
      return switch (e.getCause()) {
        case EventStream.Left _ -> false;
        case RuntimeException thrown -> throw thrown;
        case null, default -> throw e;
      };
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
      done.complete(null);
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }

  synchronized void watch(EventStream opened) {
    stream = opened;
    if (left) {
      opened.leave();
    }
  }

  synchronized void farewell(Supplier<String> words) {
    farewell = words;
  }

  /** Ends {@link #on}, at once and without waiting for the thread. */
  synchronized void leave() {
    left = true;
    if (stream != null) {
      stream.leave();
    }
    done.completeExceptionally(new EventStream.Left());
    if (thread != null) {
      thread.interrupt();
    }
  }

  /** What there is to say to one who has left. */
  synchronized String farewell() {
    return farewell.get();
  }
}
