package dev.holdfast.domain.turns.simulation;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Random histories with faults on the memory backend. */
class SimulationTest {
  private static final int USUAL = 6_000;

  @Test
  @DisplayName("sessions, executors, crashes, zombies, lost replies, repeated calls and clock jumps break no invariant")
  void noInvariantBreaks() {
    new Simulation(_ -> Backend.memory(), Calls.Sight.FULL).failure(Simulation.seeds("schedules", USUAL))
        .ifPresent(failure -> {
          throw failure;
        });
  }
}
