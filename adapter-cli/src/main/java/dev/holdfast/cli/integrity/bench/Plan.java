package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Scenario;

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
 * @param turns what of turns is measured as well
 */
record Plan(
    int workers, double seconds, double warmUpSeconds, int rounds, List<Integer> clients, List<String> only,
    boolean zipf,
    long events, boolean slowDrip, long wrongKeys, Turns turns) {

  Plan {
    clients = List.copyOf(clients);
    only = List.copyOf(only);
  }

  /**
   * @param sessions among which the steps of a turn are measured, against those in a node of one; 0 for not
   * @param streams turns that are followed while they run; 0 for none
   * @param followSeconds that those are measured
   */
  record Turns(int sessions, int streams, double followSeconds) {
    static final Turns NONE = new Turns(0, 0, 0);
  }

  boolean wants(Scenario scenario) {
    return wants(scenario.key());
  }

  boolean wants(String key) {
    return only.isEmpty() || only.stream().anyMatch(key::startsWith);
  }
}
