package dev.holdfast.domain.turns.simulation;

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
    new Simulation(seed -> TwinStore.beside(backend(seed)), Sight.FULL).failure(Simulation.seeds(usual()))
        .ifPresent(failure -> {
          throw failure;
        });
  }
}
