package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What calls used, on its way to the store: many records are one unit of work, and no call waits for its own. When the store
 * doesn't keep up, calls do.
 */
public final class UsageLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UsageLog.class);
  private static final int MAX_WAITING = 4_096;
  private static final int AT_ONCE = 512;
  private static final Duration GATHERS_FOR = Duration.ofMillis(20);
  private static final Duration CLOSES_WITHIN = Duration.ofSeconds(10);

  private final UnitsOfWork units;
  private volatile Consumer<UsageRecord> listener = _ -> {
  };
  // Guarded by this.
  private final Queue<UsageRecord> waiting = new ArrayDeque<>();
  private boolean writing;
  private int underWay;
  private boolean closed;

  public UsageLog(UnitsOfWork units) {
    this.units = units;
  }

  /** Tells every call's use as it ends, before it is written. */
  public void whenUsed(Consumer<UsageRecord> told) {
    listener = told;
  }

  /** @param usage without its number, which it is given when it is written */
  void add(UsageRecord usage) {
    listener.accept(usage);
    boolean itself;
    synchronized (this) {
      waiting.add(usage);
      itself = closed || waiting.size() > MAX_WAITING;
      if (waiting.size() >= AT_ONCE) {
        notifyAll();
      }
      if (!writing && !closed) {
        writing = true;
        Thread.ofVirtual().name("usage").start(this::writeAll);
      }
    }
    if (itself) {
      write();
    }
  }

  private void writeAll() {
    boolean over = false;
    try {
      while (!over) {
        write();
        gather();
        over = isOver();
      }
    } catch (InterruptedException e) {
      // What waits is written with the next record or at the end.
    } finally {
      if (!over) {
        stop();
      }
    }
  }

  /** Many records are one unit of work. */
  private synchronized void gather() throws InterruptedException {
    long until = System.nanoTime() + GATHERS_FOR.toNanos();
    for (long left = GATHERS_FOR.toMillis(); waiting.size() < AT_ONCE && !closed && left > 0;) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }

  /** Whether nothing waits; from then on the next that comes needs a writer of its own. */
  private synchronized boolean isOver() {
    if (waiting.isEmpty()) {
      writing = false;
    }
    return !writing;
  }

  private synchronized void stop() {
    writing = false;
  }

  private void write() {
    List<UsageRecord> some = new ArrayList<>();
    synchronized (this) {
      for (UsageRecord next = waiting.poll(); next != null; next = some.size() < AT_ONCE ? waiting.poll() : null) {
        some.add(next);
      }
      if (some.isEmpty()) {
        return;
      }
      underWay++;
    }
    try {
      units.write(state -> {
        long seq = state.lastUsage();
        List<Change> changes = new ArrayList<>();
        for (UsageRecord one : some) {
          changes.add(new TaskChange.Used(one.numbered(++seq)));
        }
        return Decision.done(some.size(), changes);
      });
    } catch (StoreException e) {
      LOG.warn("{} usage records could not be written: {}", some.size(), e.reason().code());
    } catch (RuntimeException e) {
      LOG.error("{} usage records broke: {}", some.size(), e.getClass().getSimpleName());
    } finally {
      written();
    }
  }

  private synchronized void written() {
    underWay--;
    notifyAll();
  }

  /** Writes what was told, and waits for a while for what others are writing. What is told later is written at once. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    while (isWaiting()) {
      write();
    }
    try {
      awaitWritten();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isWaiting() {
    return !waiting.isEmpty();
  }

  private synchronized void awaitWritten() throws InterruptedException {
    long until = System.nanoTime() + CLOSES_WITHIN.toNanos();
    for (long left = CLOSES_WITHIN.toMillis(); underWay > 0 && left > 0;) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }
}
