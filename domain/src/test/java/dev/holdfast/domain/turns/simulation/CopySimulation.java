package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.exports.Copies;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What generated histories leave behind can be copied from memory to another backend and back, and is the same. */
public abstract class CopySimulation {

  /** A fresh store; several are open at a time. */
  protected abstract Store another();

  /** How many schedules a build can afford on this backend. */
  protected abstract int usual();

  @Test
  @DisplayName("I-85 whatever a history leaves is the same on the other backend, and when it was copied back;"
      + " a copy that ends behind any row tells which")
  void copiesAreEqual() {
    new Simulation(_ -> backend(), Calls.Sight.FULL).failure(Simulation.seeds("copies", usual()))
        .ifPresent(failure -> {
          throw failure;
        });
  }

  private Backend backend() {
    return new Backend() {
      @Override
      public Store open() {
        return new Copied(new MemoryStore(), CopySimulation.this::another, new AtomicInteger());
      }

      @Override
      public Store restart(Store killed) {
        var copied = (Copied) killed;
        copied.copy();
        return copied;
      }
    };
  }

  /** Memory that is copied at each kill of the node and at its end, while work is under way and when all is done. */
  private record Copied(Store memory, Supplier<Store> another, AtomicInteger copies) implements Store {
    /** More of them tell nothing new. */
    private static final int PER_HISTORY = 3;

    void copy() {
      if (copies.getAndIncrement() < PER_HISTORY) {
        round();
      }
    }

    private void round() {
      try (Store other = another.get(); Store back = new MemoryStore()) {
        Copies.copy(memory, other);
        Copies.copy(other, back);
      }
    }

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      return memory.write(rule);
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return memory.read(query);
    }

    @Override
    public String backend() {
      return memory.backend();
    }

    @Override
    public void close() {
      round();
      try (Store unfinished = another.get()) {
        Copies.stopAtRows(memory, unfinished);
      }
      memory.close();
    }
  }
}
