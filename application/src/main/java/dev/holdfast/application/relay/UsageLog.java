package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.relay.tasks.UsageRecord;
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

  private final UnitsOfWork units;
  private volatile Consumer<UsageRecord> listener = _ -> {
  };
  // Guarded by this.
  private final Queue<UsageRecord> waiting = new ArrayDeque<>();
  private boolean writing;
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
    boolean full;
    synchronized (this) {
      waiting.add(usage);
      full = waiting.size() > MAX_WAITING;
      if (!writing && !closed) {
        writing = true;
        Thread.ofVirtual().name("usage").start(this::writeAll);
      }
    }
    if (full) {
      write();
    }
  }

  private void writeAll() {
    while (true) {
      write();
      synchronized (this) {
        if (waiting.isEmpty()) {
          writing = false;
          notifyAll();
          return;
        }
      }
    }
  }

  private void write() {
    List<UsageRecord> some = new ArrayList<>();
    synchronized (this) {
      for (UsageRecord next = waiting.poll(); next != null; next = some.size() < AT_ONCE ? waiting.poll() : null) {
        some.add(next);
      }
    }
    if (some.isEmpty()) {
      return;
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
    }
  }

  /** Waits until what was told is written. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    write();
    write();
  }
}
