package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import java.util.function.Function;

/** A store that forgets: units of work and reads one at a time, under one monitor, on their callers' threads. */
public final class MemoryStore implements Store {
  private final Object monitor = new Object();
  private final MemoryState state = new MemoryState();
  private boolean deciding;
  private boolean closed;

  @Override
  public <T> Outcome<T> write(Rule<T> rule) {
    synchronized (monitor) {
      requireOpen();
      if (deciding) {
        // The monitor lets its own thread in again.
        throw new IllegalStateException("a rule may not write");
      }
      Decision<T> decision = decide(rule);
      state.apply(decision.changes());
      return decision.outcome();
    }
  }

  private <T> Decision<T> decide(Rule<T> rule) {
    deciding = true;
    try {
      return rule.decide(state);
    } finally {
      deciding = false;
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
