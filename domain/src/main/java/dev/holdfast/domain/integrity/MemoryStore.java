package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import java.util.function.Function;

/** A store that forgets: units of work and reads one at a time, under one monitor, on their callers' threads. */
public final class MemoryStore implements Store {
  private final Object monitor = new Object();
  private final MemoryState state = new MemoryState();
  private boolean closed;

  @Override
  public <T> Outcome<T> write(Rule<T> rule) {
    synchronized (monitor) {
      requireOpen();
      Decision<T> decision = rule.decide(state);
      state.apply(decision.changes());
      return decision.outcome();
    }
  }

  @Override
  public <T> T read(Function<? super State, T> query) {
    synchronized (monitor) {
      requireOpen();
      return query.apply(state);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw StoreException.closed();
    }
  }

  @Override
  public String backend() {
    return "memory";
  }

  @Override
  public void close() {
    synchronized (monitor) {
      closed = true;
    }
  }
}
