package dev.holdfast.domain.turns.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The simulation can fail: it finds each kernel that breaks one promise, in far fewer schedules than a build runs. */
class SimulationMutantsTest {
  private static final int SEEDS = 1_000;

  private static void assertCaught(LongFunction<Backend> backends, Calls.Sight sight, String... whats) {
    Optional<AssertionError> failure =
        new Simulation(backends, sight).failure(LongStream.rangeClosed(1, SEEDS));

    assertTrue(failure.isPresent(), "the mutant lives");
    String cause = String.valueOf(failure.get().getCause());
    assertTrue(Arrays.stream(whats).anyMatch(cause::contains), cause);
    assertTrue(failure.get().toString().contains("-Dholdfast.simulation.seed="), "a failure tells how to run it again");
  }

  @Test
  @DisplayName("a kernel without the check of the fence is caught")
  void noFenceCheck() {
    assertCaught(_ -> Backend.memory(), new Mutants.NoFenceCheck(), "nothing is done under a stale fence",
        "a generation only grows", "a holder keeps its fence", "a live lease is not taken away", "a new holder has");
  }

  @Test
  @DisplayName("a kernel that leaves accepted inputs accepted under a new generation is caught")
  void noRevert() {
    assertCaught(_ -> Backend.keeping(Mutants.NoRevert::new), Calls.Sight.FULL, "the stored input");
  }

  @Test
  @DisplayName("a store that answers before the unit of work is durable is caught")
  void earlyAnswers() {
    assertCaught(_ -> new Mutants.EarlyAnswers(), Calls.Sight.FULL, "the stored", "the newest event", "event ids");
  }

  @Test
  @DisplayName("a kernel that gives a taken session the generation of before is caught")
  void sameGeneration() {
    assertCaught(_ -> Backend.memory(), new Mutants.SameGeneration(), "a new holder has a new generation",
        "a holder keeps its fence", "a generation only grows");
  }

  @Test
  @DisplayName("a backend that keeps something else than memory is caught beside it")
  void unequalTwin() {
    assertCaught(_ -> TwinSimulation.TwinStore.beside(Backend.keeping(Mutants.NoRevert::new)), Calls.Sight.FULL,
        "both backends");
  }
}
