package dev.holdfast.application.integrity;

import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Work that one thread does behind its caller, piece by piece in the order in which it comes. Only so much waits: then the caller
 * does. Behind a piece that failed none is done.
 */
final class Stage implements AutoCloseable {
  private final ExecutorService thread;
  private final int ahead;
  private final Deque<Future<?>> underWay = new ArrayDeque<>();
  private volatile boolean failed;

  /** @param ahead pieces that may wait */
  Stage(String name, int ahead) {
    // A platform thread: calls into SQLite hold their carrier.
    this.thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(name).factory());
    this.ahead = ahead;
  }

  /** @throws RuntimeException of a piece that came before */
  void add(Runnable piece) {
    if (underWay.size() >= ahead) {
      await(underWay.remove());
    }
    underWay.add(thread.submit(() -> {
      if (failed) {
        return;
      }
      failed = true;
      piece.run();
      failed = false;
    }));
  }

  /**
   * Waits for all that was added.
   *
   * @throws RuntimeException of the piece that failed
   */
  void end() {
    while (!underWay.isEmpty()) {
      await(underWay.remove());
    }
  }

  private static void await(Future<?> piece) {
    try {
      piece.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreException.unknown("the copy was interrupted", e);
    }
  }

  /** Waits for what was begun. */
  @Override
  public void close() {
    failed = true;
    thread.close();
  }
}
