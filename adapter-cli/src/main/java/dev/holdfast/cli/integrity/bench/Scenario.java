package dev.holdfast.cli.integrity.bench;

/**
 * Something that is measured.
 *
 * @param key short and stable, as in {@code append-64}
 * @param title for people
 * @param clients at once
 */
record Scenario(String key, String title, int clients, Measure measure) {

  /** Does it for about so long. */
  @FunctionalInterface
  interface Measure {
    Sample take(long nanos) throws InterruptedException;
  }

  /** A scenario of clients that call without pause. */
  static Scenario of(String family, String title, int clients, Load.Client client) {
    return new Scenario(family + "-" + clients, title, clients, nanos -> Load.during(nanos, clients, client));
  }
}
