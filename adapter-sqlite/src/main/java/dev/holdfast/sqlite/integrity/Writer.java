package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import dev.holdfast.sqlite.integrity.pruning.Reclaim;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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

  /** So long nothing has to come before rows are removed that were pruned. */
  private static final int IDLE_MS = 2;

  /** Commits between two looks at the length of the WAL; a look costs some microseconds. */
  private static final int LOOK_EVERY = 32;
  /** Pages in the WAL before they are moved into the database, between two groups of units. */
  private static final int CHECKPOINT_PAGES = 4_000;

  private final Sql sql;
  private final WriterState state;
  private final BlockingQueue<Command<?>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final Reclaim reclaim;
  private final ReentrantLock writing = new ReentrantLock();
  // A platform thread: calls into SQLite hold their carrier.
  private final Thread thread = Thread.ofPlatform().daemon().name("sqlite-writer").unstarted(this::loop);
  private volatile boolean closed;
  private volatile @Nullable StoreException poison;
  private int commitsUntilLook = LOOK_EVERY;

  Writer(Sql sql) {
    this.sql = sql;
    this.state = new WriterState(sql);
    this.reclaim = new Reclaim(sql, state.marks, state::lastInputUpTo);
    if (PrunedRows.isAny(sql)) {
      reclaim.begin();
    }
    thread.start();
  }

  <T> Outcome<T> write(Rule<T> rule) {
    if (writing.isHeldByCurrentThread()) {
      // The lock lets its own thread in again, and behind others this thread would wait for itself.
      throw new IllegalStateException("a rule may not write");
    }
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

  /**
   * A transaction of its own, for rows that no unit of work knows of.
   *
   * @throws StoreException when nothing was changed, or nobody knows
   */
  <T> T transaction(Function<? super Sql, T> change) {
    writing.lock();
    try {
      requireUsable();
      return inTransaction(change);
    } finally {
      writing.unlock();
    }
  }

  private <T> T inTransaction(Function<? super Sql, T> change) {
    T value;
    try {
      sql.run("BEGIN IMMEDIATE");
      value = change.apply(sql);
    } catch (SqlFailure e) {
      throw failed(e, e.isSync());
    } catch (RuntimeException | Error e) {
      rollBack();
      throw e;
    }
    try {
      sql.run("COMMIT");
    } catch (SqlFailure e) {
      throw failed(e, e.isInputOutput());
    }
    // Whatever of it is remembered here may be another now.
    state.forgetAll();
    return value;
  }

  private StoreException failed(SqlFailure why, boolean unknown) {
    rollBack();
    if (unknown) {
      poison(why);
    }
    StoreException present = poison;
    return present != null ? StoreException.poisoned(present.getCause()) : why.asStoreException("a write failed");
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
    boolean reclaims = true;
    while (!closed) {
      try {
        Command<?> first = reclaims ? waiting.poll(IDLE_MS, TimeUnit.MILLISECONDS) : waiting.take();
        if (first == null) {
          reclaims = reclaimed();
          continue;
        }
        group.add(first);
      } catch (InterruptedException e) {
        // Nobody who knows this thread interrupts it, and its work isn't done.
        continue;
      }
      writing.lock();
      try {
        waiting.drainTo(group, MAX_GROUP - 1);
        runGroup(group);
      } finally {
        writing.unlock();
        group.clear();
      }
      reclaims = true;
    }
    failAllWaiting();
  }

  /** Takes some time that nobody else needs; answers whether there is more to do. */
  private boolean reclaimed() {
    writing.lock();
    try {
      if (!reclaim.isDue() || closed || poison != null) {
        return false;
      }
      reclaim.step();
      checkpointWhenDue();
      return reclaim.isDue();
    } catch (RuntimeException e) {
      // Nobody waits for it, and nobody sees a difference.
      reclaim.giveUp();
      rollBack();
      if (e instanceof SqlFailure failure && failure.isSync()) {
        poison(e);
      }
      return false;
    } finally {
      writing.unlock();
    }
  }

  void compact() {
    writing.lock();
    try {
      requireUsable();
      reclaim.all();
    } catch (SqlFailure e) {
      throw e.asStoreException("the database can't be compacted");
    } finally {
      writing.unlock();
    }
  }

  private void failAllWaiting() {
    for (Command<?> command = waiting.poll(); command != null; command = waiting.poll()) {
      command.failed(StoreException.closed());
      command.answer();
    }
  }

  /** Only for who holds the lock. Afterwards every command of the group has its answer. */
  void runGroup(List<? extends Command<?>> group) {
    try {
      if (!tryGroup(group) && group.size() > 1) {
        // One of them can't be written; alone, each gets the answer that is its own.
        group.forEach(command -> tryGroup(List.of(command)));
      }
    } finally {
      group.forEach(Command::answer);
    }
    checkpointWhenDue();
  }

  /** @return whether every command knows its answer; if not, nothing was changed and the group may be tried again */
  private boolean tryGroup(List<? extends Command<?>> group) {
    try {
      requireUsable();
      sql.run("BEGIN IMMEDIATE");
      for (Command<?> command : group) {
        run(command);
      }
      state.flush();
    } catch (RuntimeException | Error e) {
      return undone(group, e, e instanceof SqlFailure failure && failure.isSync());
    }
    try {
      sql.run("COMMIT");
      if (state.marks.haveMoved()) {
        reclaim.begin();
        wake();
      }
      return true;
    } catch (SqlFailure e) {
      return undone(group, e, e.isInputOutput());
    } catch (RuntimeException | Error e) {
      // Whether it was committed is not known, and nobody may be told that it was.
      return undone(group, e, true);
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
    } catch (RuntimeException | Error e) {
      // A rule only looks, so there is nothing to undo, and its neighbours are not touched.
      command.failed(e);
      return;
    }
    state.apply(decision.changes());
  }

  private boolean undone(List<? extends Command<?>> group, Throwable why, boolean unknown) {
    rollBack();
    if (unknown) {
      poison(why);
    }
    StoreException present = poison;
    if (present != null) {
      group.forEach(command -> command.failed(StoreException.poisoned(present.getCause())));
      return true;
    }
    if (group.size() == 1) {
      group.getFirst().failed(why instanceof SqlFailure failure ? failure.asStoreException("a write failed") : why);
    }
    return false;
  }

  private void rollBack() {
    state.forgetAll();
    try {
      sql.execute("ROLLBACK");
    } catch (SqlFailure e) {
      // Mostly SQLite has rolled back by itself, as it does for a full disk and for some I/O errors.
      if (e.isInputOutput()) {
        poison(e);
      }
    }
  }

  /** From now on nobody knows what is on disk, and nothing is written any more (spec I-8). */
  private void poison(Throwable why) {
    if (poison == null) {
      poison = StoreException.poisoned(why);
    }
  }

  /**
   * In the writer itself: a checkpointer beside it was measured to be slower and to let the WAL grow. What was answered is
   * in the WAL, whatever becomes of the checkpoint; but when its sync fails, the WAL must not be begun anew.
   */
  private void checkpointWhenDue() {
    commitsUntilLook--;
    if (commitsUntilLook > 0 || poison != null || closed) {
      return;
    }
    commitsUntilLook = LOOK_EVERY;
    try {
      long pages = sql.first("PRAGMA wal_checkpoint(NOOP)", row -> row.getLong(2) - row.getLong(3)).orElse(0L);
      if (pages >= CHECKPOINT_PAGES) {
        sql.first("PRAGMA wal_checkpoint(PASSIVE)", row -> row.getInt(1));
      }
    } catch (SqlFailure e) {
      if (!e.isFull()) {
        poison(e);
      }
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

  /** An interrupt could reach a rule, so the thread is woken by something to do; when there is no room it is awake. */
  private void wake() {
    waiting.offer(new Command<>(_ -> Decision.unchanged(true)));
  }

  /** Waits for the group under way; units that still wait are refused. */
  @Override
  public void close() {
    closed = true;
    wake();
    writing.lock();
    try {
      failAllWaiting();
      sql.close();
    } finally {
      writing.unlock();
    }
  }
}
