package dev.holdfast.domain.turns.simulation;

import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs schedules, one for each seed, on as many threads as there are. One that fails is run again for its trace, which is as
 * exact as the seed.
 *
 * <p>System properties: {@code holdfast.simulation.schedules} how many on memory, {@code holdfast.simulation.twins} how
 * many on two backends side by side, {@code holdfast.simulation.seed} only that one, {@code holdfast.simulation.first} the
 * first seed.
 */
final class Simulation {
  private final LongFunction<Backend> backends;
  private final Calls.Sight sight;

  /** @param backends a fresh one for each seed */
  Simulation(LongFunction<Backend> backends, Calls.Sight sight) {
    this.backends = backends;
    this.sight = sight;
  }

  /** The seeds that are asked for, or so many from the first. */
  static LongStream seeds(String howMany, int usual) {
    Long only = Long.getLong("holdfast.simulation.seed");
    if (only != null) {
      return LongStream.of(only);
    }
    long first = Long.getLong("holdfast.simulation.first", 1);
    return LongStream.range(first, first + Integer.getInteger("holdfast.simulation." + howMany, usual));
  }

  /** The first failure that is found, told with its seed and its trace. */
  Optional<AssertionError> failure(LongStream seeds) {
    return seeds.parallel().mapToObj(this::failed).filter(Optional::isPresent).findAny()
        .map(seed -> traced(seed.orElseThrow()));
  }

  private Optional<Long> failed(long seed) {
    return run(seed, false) == null ? Optional.empty() : Optional.of(seed);
  }

  private @Nullable Failure run(long seed, boolean tracing) {
    var world = new World(seed, backends.apply(seed), tracing);
    try (world) {
      new Schedule(world, sight).run();
    } catch (RuntimeException | AssertionError e) {
      return new Failure(e, world.trace);
    }
    return null;
  }

  private record Failure(Throwable cause, List<String> trace) {}

  private AssertionError traced(long seed) {
    Failure failure = run(seed, true);
    return failure == null
        ? new AssertionError("seed " + seed + " failed, and not when it was run again")
        : new AssertionError("seed " + seed + " (run it alone with -Dholdfast.simulation.seed=" + seed + "): "
            + failure.cause() + "\n" + String.join("\n", failure.trace()), failure.cause());
  }
}
