package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The same histories on memory and on another backend give the same answers and leave the same state. */
public abstract class TwinSimulation {

  /** A fresh store for a seed; several are open at a time. */
  protected abstract Backend backend(long seed);

  /** How many schedules a build can afford on this backend. */
  protected abstract int usual();

  @Test
  @DisplayName("generated histories with crashes, zombies and lost replies are answered as memory answers them")
  void answersAlike() {
    new Simulation(seed -> TwinStore.beside(backend(seed)), Calls.Sight.FULL)
        .failure(Simulation.seeds("twins", usual()))
        .ifPresent(failure -> {
          throw failure;
        });
  }

  /** Memory and another store side by side: every unit of work goes to both, and has to be answered alike. */
  static final class TwinStore implements Store {
    private final MemoryStore memory;
    private final Store other;

    private TwinStore(MemoryStore memory, Store other) {
      this.memory = memory;
      this.other = other;
    }

    /** Both backends as one; at a kill the other one shows what it has kept. */
    static Backend beside(Backend other) {
      return new Backend() {
        @Override
        public Store open() {
          return new TwinStore(new MemoryStore(), other.open());
        }

        @Override
        public Store restart(Store killed) {
          var twin = (TwinStore) killed;
          var again = new TwinStore(twin.memory, other.restart(twin.other));
          again.compare();
          return again;
        }
      };
    }

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      Outcome<T> answer = memory.write(rule);
      Outcome<T> same = other.write(rule);
      Violation.unless(answer.equals(same), "both backends answer alike", answer, same);
      return answer;
    }

    /** The other one's reads are compared as a whole. */
    @Override
    public <T> T read(Function<? super State, T> query) {
      return memory.read(query);
    }

    private void compare() {
      String[] expected = memory.read(StateText::of).split("\n", -1);
      String[] actual = other.read(StateText::of).split("\n", -1);
      for (int i = 0; i < Math.min(expected.length, actual.length); i++) {
        Violation.unless(expected[i].equals(actual[i]), "both backends show the same", expected[i], actual[i]);
      }
      Violation.unless(expected.length == actual.length, "both backends show as much", expected.length, actual.length);
    }

    @Override
    public String backend() {
      return other.backend();
    }

    @Override
    public void close() {
      try {
        compare();
      } finally {
        other.close();
      }
    }
  }
}
