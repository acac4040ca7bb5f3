package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Scenario;
import java.util.List;
import java.util.function.Consumer;

/** Every scenario has its turn in every round, so that what is compared was measured at about the same time. */
record Rounds(Plan plan, Results results, Consumer<String> progress) {

  void run(List<Scenario> scenarios) throws InterruptedException {
    for (Scenario scenario : scenarios) {
      progress.accept("warm-up: " + scenario.key());
      scenario.measure().take(nanos(plan.warmUpSeconds()));
    }
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Scenario scenario : scenarios) {
        progress.accept("round " + round + " of " + plan.rounds() + ": " + scenario.key());
        results.add(scenario.subject(), scenario.measure().take(nanos(plan.seconds())));
      }
    }
  }

  static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }
}
