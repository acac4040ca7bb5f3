package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.fold.MemoryState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The contract can fail: it finds each store that breaks one promise. */
class StoreMutantsTest {

  /** A store that keeps its promises; each mutant changes one method. */
  private static class Plain implements Store {
    final List<List<Change>> units = new ArrayList<>();
    private boolean deciding;

    @Override
    public synchronized <T> Outcome<T> write(Rule<T> rule) {
      refuseInside(deciding);
      deciding = true;
      try {
        Decision<T> decision = rule.decide(folded(units.size()));
        make(decision.changes());
        return decision.outcome();
      } finally {
        deciding = false;
      }
    }

    void refuseInside(boolean inside) {
      if (inside) {
        throw new IllegalStateException("a rule may not write");
      }
    }

    void make(List<Change> changes) {
      folded(units.size()).apply(changes);
      if (!changes.isEmpty()) {
        units.add(changes);
      }
    }

    final MemoryState folded(int count) {
      var state = new MemoryState();
      units.subList(0, count).forEach(state::apply);
      return state;
    }

    @Override
    public synchronized <T> T read(Function<? super State, T> query) {
      return query.apply(folded(units.size()));
    }

    @Override
    public String backend() {
      return "memory";
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  /** Answers every seventh unit without having made it. */
  private static final class Losing extends Plain {
    private int seen;

    @Override
    void make(List<Change> changes) {
      seen++;
      if (seen % 7 != 0) {
        super.make(changes);
      }
    }
  }

  /** Makes a unit's changes one by one, so that a late failure leaves the early ones. */
  private static final class Piecemeal extends Plain {
    @Override
    void make(List<Change> changes) {
      changes.forEach(change -> super.make(List.of(change)));
    }
  }

  /** Rolls the neighbour back with the unit whose rule threw, as a shared transaction would. */
  private static final class SharedFate extends Plain {
    @Override
    public synchronized <T> Outcome<T> write(Rule<T> rule) {
      try {
        return super.write(rule);
      } catch (RuntimeException e) {
        if (!units.isEmpty()) {
          units.removeLast();
        }
        throw e;
      }
    }
  }

  /** Lets a reader see the state before the newest unit. */
  private static final class Late extends Plain {
    @Override
    public synchronized <T> T read(Function<? super State, T> query) {
      return query.apply(folded(Math.max(0, units.size() - 1)));
    }
  }

  /** Makes the changes of a refused decision too, having carried them out while it was still deciding. */
  private static final class Eager extends Plain {
    @Override
    public synchronized <T> Outcome<T> write(Rule<T> rule) {
      MemoryState shown = folded(units.size());
      Decision<T> decision = rule.decide(shown);
      super.make(decision.changes());
      return super.write(rule);
    }
  }

  /** Lets a rule write. */
  private static final class Nesting extends Plain {
    @Override
    void refuseInside(boolean inside) {
      // Whoever comes may.
    }
  }

  private static final class Suite extends StoreContract {
    private final Store mutant;

    Suite(Store mutant) {
      this.mutant = mutant;
    }

    @Override
    protected Store open() {
      return mutant;
    }
  }

  private static void assertCaught(Store mutant, Consumer<StoreContract> test) {
    assertThrows(Throwable.class, () -> run(mutant, test), () -> mutant.getClass().getSimpleName() + " was not caught");
  }

  private static void run(Store store, Consumer<StoreContract> test) {
    var suite = new Suite(store);
    suite.openFresh();
    test.accept(suite);
  }

  @Test
  @DisplayName("the plain store, of which the mutants are made, passes what they fail")
  void plainPasses() {
    run(new Plain(), StoreContract::readsItsWrites);
    run(new Plain(), StoreContract::unitIsWhole);
    run(new Plain(), StoreContract::unitsAreSerial);
    run(new Plain(), StoreContract::neighboursAreIndependent);
    run(new Plain(), StoreContract::ruleThrows);
    run(new Plain(), StoreContract::ruleWrites);
  }

  @Test
  @DisplayName("a store that loses an answered unit is caught")
  void losingIsCaught() {
    assertCaught(new Losing(), StoreContract::readsItsWrites);
    assertCaught(new Losing(), StoreContract::unitsAreSerial);
  }

  @Test
  @DisplayName("a store that leaves half a unit behind is caught")
  void piecemealIsCaught() {
    assertCaught(new Piecemeal(), StoreContract::unitIsWhole);
  }

  @Test
  @DisplayName("a store that takes a neighbour down with a throwing unit is caught")
  void sharedFateIsCaught() {
    assertCaught(new SharedFate(), StoreContract::ruleThrows);
    assertCaught(new SharedFate(), StoreContract::neighboursAreIndependent);
  }

  @Test
  @DisplayName("a store that lets a rule write is caught")
  void nestingIsCaught() {
    assertCaught(new Nesting(), StoreContract::ruleWrites);
  }

  @Test
  @DisplayName("a store whose readers are one unit late is caught")
  void lateIsCaught() {
    assertCaught(new Late(), StoreContract::readsItsWrites);
  }

  @Test
  @DisplayName("a store that makes changes before the decision stands is caught")
  void eagerIsCaught() {
    assertCaught(new Eager(), StoreContract::unitsAreSerial);
  }
}
