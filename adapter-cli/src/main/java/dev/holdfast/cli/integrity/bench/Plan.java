package dev.holdfast.cli.integrity.bench;

import java.util.List;

/**
 * How much is measured.
 *
 * @param workers that get inputs, and as many again for turns
 * @param seconds of each scenario in each round
 * @param warmUpSeconds of each scenario before the first round
 * @param clients at which a scenario of many clients is measured
 * @param zipf whether workers are chosen by Zipf's law rather than evenly
 * @param only scenarios whose key begins with one of these, beside the raw limits; all when empty
 * @param events at which growth is measured as well; 0 for not
 * @param slowDrip whether slow senders are measured as well
 * @param wrongKeys requests with wrong keys after which the heap is measured; 0 for none
 */
record Plan(
    int workers, double seconds, double warmUpSeconds, int rounds, List<Integer> clients, List<String> only,
    boolean zipf,
    long events, boolean slowDrip, long wrongKeys) {
  /** What an input holds. */
  static final String CONTENT = "The quick brown fox jumps over the lazy dog. ".repeat(5).substring(0, 200);

  Plan {
    clients = List.copyOf(clients);
    only = List.copyOf(only);
  }

  boolean wants(Scenario scenario) {
    return only.isEmpty() || only.stream().anyMatch(scenario.key()::startsWith);
  }
}
