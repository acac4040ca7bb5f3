package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryState;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.queue.QueueChange;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Kernels with one promise broken each, which the simulation has to find. */
final class Mutants {
  private static final Instant ALWAYS = Instant.parse("2999-01-01T00:00:00Z");

  private Mutants() {}

  /** Nobody compares the fence of a write with the stored one. */
  static final class NoFenceCheck implements Calls.Sight {
    @Override
    public State withFence(State state, Fence fence) {
      return showing(state, _ -> new Lease.Held(fence, new Liveness.Opaque(), ALWAYS, ALWAYS, Duration.ZERO));
    }
  }

  /** Who takes a session over gets the generation of the holder before. */
  static final class SameGeneration implements Calls.Sight {
    @Override
    public State taking(State state, WorkerId session, Owner by) {
      return showing(state, lease -> switch (lease) {
        case Lease.Free(WorkerId id, long generation) -> new Lease.Free(id, Math.max(0, generation - 1));
        case Lease.Held held when held.fence().owner().equals(by) -> held;
        case Lease.Held(Fence held, Liveness liveness, Instant at, Instant until, Duration ttl) -> new Lease.Held(
            new Fence(held.session(), held.owner(), held.token(), held.generation() - 1), liveness, at, until, ttl);
      });
    }
  }

  /** The state with other leases. */
  private static State showing(State state, UnaryOperator<Lease> leases) {
    return (State) Proxy.newProxyInstance(State.class.getClassLoader(), new Class<?>[] {State.class},
        (_, method, arguments) -> {
          if (method.getName().equals("lease")) {
            return leases.apply(state.lease((WorkerId) arguments[0]));
          }
          try {
            return method.invoke(state, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  /** Inputs that were accepted under an older generation stay so. */
  static final class NoRevert implements Store {
    private final Store under = new MemoryStore();

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      return under.write(state -> {
        Decision<T> decision = rule.decide(state);
        return new Decision<>(decision.outcome(), without(state, decision.changes()));
      });
    }

    private static List<Change> without(State state, List<Change> unit) {
      if (unit.stream().noneMatch(change -> change instanceof LeaseChange.Put(Lease.Held held)
          && held.generation() > state.lease(held.session()).generation())) {
        return unit;
      }
      List<Change> kept = new ArrayList<>();
      int dropped = 0;
      for (Change change : unit) {
        if (change instanceof InputChange.Moved(_, _, InputState.Deferred())) {
          dropped++;
        } else if (change instanceof QueueChange.QueuePut(var queue)) {
          kept.add(new QueueChange.QueuePut(queue.plusPending(-dropped)));
        } else {
          kept.add(change);
        }
      }
      return kept;
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return under.read(query);
    }

    @Override
    public String backend() {
      return under.backend();
    }

    @Override
    public void close() {
      under.close();
    }
  }

  /** Answers a unit of work and makes it durable with the next; a kill in between loses it. */
  static final class EarlyAnswers implements Backend {
    @Override
    public Store open() {
      return new Late(new ArrayList<>());
    }

    @Override
    public Store restart(Store killed) {
      List<List<Change>> durable = ((Late) killed).units;
      return new Late(new ArrayList<>(durable.subList(0, Math.max(0, durable.size() - 1))));
    }
  }

  private static final class Late implements Store {
    private final List<List<Change>> units;
    private final MemoryState state = new MemoryState();

    Late(List<List<Change>> durable) {
      units = durable;
      units.forEach(state::apply);
    }

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      Decision<T> decision = rule.decide(state);
      state.apply(decision.changes());
      if (!decision.changes().isEmpty()) {
        units.add(decision.changes());
      }
      return decision.outcome();
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return query.apply(state);
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
}
