package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/**
 * The units of work that wait, which one thread takes in groups, so that each group is synced once. There is no artificial
 * delay: while a group is synced the next one gathers.
 */
final class Groups implements AutoCloseable {
  private static final int MAX_GROUP = 512;
  /** Callers beyond it wait for their place in the queue. */
  private static final int MAX_WAITING = 4_096;

  private final BlockingQueue<Command<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Lock lock;
  private final Consumer<List<Command<?>>> work;
  private final Thread thread = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::loop);
  private volatile boolean closed;

  /**
   * @param lock is held while a group is taken and worked on
   * @param work gives every command of a group its answer, and throws nothing
   */
  Groups(Lock lock, Consumer<List<Command<?>>> work) {
    this.lock = lock;
    this.work = work;
    thread.start();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(Command<?> command) {
    boolean interrupted = false;
    while (true) {
      try {
        waiting.put(command);
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (closed && !thread.isAlive()) {
      // The thread may have ended before it saw the command.
      failAll();
    }
  }

  private void loop() {
    List<Command<?>> group = new ArrayList<>(MAX_GROUP);
    while (!closed) {
      try {
        group.add(waiting.take());
      } catch (InterruptedException e) {
        // Nobody who knows this thread interrupts it, and its work isn't done.
        continue;
      }
      lock.lock();
      try {
        // Only now, as more of them came while others held the lock.
        waiting.drainTo(group, MAX_GROUP - 1);
        work.accept(group);
      } finally {
        lock.unlock();
        group.clear();
      }
    }
    failAll();
  }

  private void failAll() {
    for (Command<?> command = waiting.poll(); command != null; command = waiting.poll()) {
      command.failed(StoreException.closed());
      command.answer();
    }
  }

  /** Waits for the group under way; units that still wait are refused. */
  @Override
  public void close() {
    closed = true;
    // The thread is woken by something to do; when there is no room it is awake.
    waiting.offer(new Command<>(_ -> Decision.unchanged(true)));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    failAll();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
