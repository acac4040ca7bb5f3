package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * The units of work that wait, which one thread takes in groups, so that each group is synced once. There is no artificial
 * delay: while a group is synced the next one gathers. It is a thread of its own because an interrupt of a caller's would close
 * the file that is written.
 */
final class Groups implements AutoCloseable {
  private static final int MAX_GROUP = 512;
  /** Callers beyond it wait for their place in the queue. */
  private static final int MAX_WAITING = 4_096;

  private final BlockingQueue<Command<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Consumer<List<Command<?>>> work;
  private final Thread thread = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::loop);
  private volatile boolean closed;

  /** @param work gives every command of a group its answer, and throws nothing */
  Groups(Consumer<List<Command<?>>> work) {
    this.work = work;
    thread.start();
  }

  boolean isMine() {
    return thread.equals(Thread.currentThread());
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
      waiting.drainTo(group, MAX_GROUP - 1);
      work.accept(group);
      group.clear();
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
    // An interrupt would close the file, so the thread is woken by something to do; when there is no room it is awake.
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
