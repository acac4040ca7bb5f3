package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one writer. It takes the units of work that wait, runs them one after the other in one transaction, commits once and
 * answers them all (group commit, as in DeWitt et al., "Implementation techniques for main memory database systems", 1984).
 * There is no artificial delay: while a group is being synced the next one gathers. When nobody waits, the caller runs its
 * own unit, which saves the hand-over between threads.
 */
final class Writer implements AutoCloseable {
  private static final int MAX_GROUP = 512;
  /** Callers beyond it wait for their place in the queue. */
  private static final int MAX_WAITING = 4_096;

  private final Sql sql;
  private final WriterState state;
  private final BlockingQueue<Command<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ReentrantLock writing = new ReentrantLock();
  // A platform thread: calls into SQLite hold their carrier.
  private final Thread thread = Thread.ofPlatform().daemon().name("sqlite-writer").unstarted(this::loop);
  private volatile boolean closed;
  private volatile @Nullable StoreException poison;

  Writer(Sql sql) {
    this.sql = sql;
    this.state = new WriterState(sql);
    thread.start();
  }

  <T> Outcome<T> write(Rule<T> rule) {
    var command = new Command<>(rule);
    if (waiting.isEmpty() && writing.tryLock()) {
      try {
        runGroup(List.of(command));
      } finally {
        writing.unlock();
      }
    } else {
      enqueue(command);
    }
    return command.await();
  }

  private void enqueue(Command<?> command) {
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
    if (closed) {
      // The thread may have ended before it saw the command.
      failAllWaiting();
    }
  }

  private void loop() {
    List<Command<?>> group = new ArrayList<>(MAX_GROUP);
    while (!closed) {
      try {
        group.add(waiting.take());
      } catch (InterruptedException e) {
        break;
      }
      writing.lock();
      try {
        waiting.drainTo(group, MAX_GROUP - 1);
        runGroup(group);
      } finally {
        writing.unlock();
        group.clear();
      }
    }
    failAllWaiting();
  }

  private void failAllWaiting() {
    for (Command<?> command = waiting.poll(); command != null; command = waiting.poll()) {
      command.failed(StoreException.closed());
      command.answer();
    }
  }

  private void runGroup(List<? extends Command<?>> group) {
    try {
      if (!tryGroup(group) && group.size() > 1) {
        // One of them can't be written; alone, each gets the answer that is its own.
        group.forEach(command -> tryGroup(List.of(command)));
      }
    } finally {
      group.forEach(Command::answer);
    }
  }

  /** @return whether the transaction was committed; if not, a lone command has been told why */
  private boolean tryGroup(List<? extends Command<?>> group) {
    try {
      requireUsable();
      sql.run("BEGIN IMMEDIATE");
      for (Command<?> command : group) {
        run(command);
      }
      state.flush();
    } catch (RuntimeException e) {
      rollBack();
      fail(group, e instanceof SqlFailure sqlFailure ? sqlFailure.asStoreException("a write failed") : e);
      return false;
    }
    return commit(group);
  }

  private boolean commit(List<? extends Command<?>> group) {
    try {
      sql.run("COMMIT");
      return true;
    } catch (SqlFailure e) {
      rollBack();
      if (e.isInputOutput()) {
        poison = StoreException.poisoned(e);
        group.forEach(command -> command.failed(StoreException.poisoned(e)));
        return true;
      }
      fail(group, e.asStoreException("a commit failed"));
      return false;
    }
  }

  private void run(Command<?> command) {
    if (command.hasFailed()) {
      return;
    }
    Decision<?> decision;
    try {
      decision = command.decide(state);
    } catch (SqlFailure e) {
      throw e;
    } catch (RuntimeException e) {
      // A rule only looks, so there is nothing to undo, and its neighbours are not touched.
      command.failed(e);
      return;
    }
    state.apply(decision.changes());
  }

  private static void fail(List<? extends Command<?>> group, RuntimeException why) {
    if (group.size() == 1) {
      group.getFirst().failed(why);
    }
  }

  private void requireUsable() {
    if (closed) {
      throw StoreException.closed();
    }
    StoreException present = poison;
    if (present != null) {
      throw StoreException.poisoned(present.getCause());
    }
  }

  private void rollBack() {
    state.forgetAll();
    try {
      sql.execute("ROLLBACK");
    } catch (SqlFailure e) {
      // SQLite has rolled back by itself, which it does for a full disk and for some I/O errors.
    }
  }

  /** Waits for the group under way; units that still wait are refused. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    writing.lock();
    try {
      failAllWaiting();
      sql.close();
    } finally {
      writing.unlock();
    }
  }

  /** Whether a sync has failed; for tests of what follows from it. */
  @Nullable
  Reason poisonReason() {
    StoreException present = poison;
    return present == null ? null : present.reason();
  }
}
