package dev.holdfast.cli.integrity.bench.load;

/**
 * Something that is measured.
 *
 * @param key short and stable, as in {@code append-64}
 * @param title for people
 * @param clients at once
 */
public record Scenario(String key, String title, int clients, Measure measure) {

  /** Does it for about so long. */
  @FunctionalInterface
  public interface Measure {
    Sample take(long nanos) throws InterruptedException;
  }

  /** A scenario of clients that call without pause. */
  public static Scenario of(String family, String title, int clients, Load.Client client) {
    return new Scenario(family + "-" + clients, title, clients, nanos -> Load.during(nanos, clients, client));
  }

  /** One whose samples somebody else takes. */
  public static Scenario told(String family, String title, int clients) {
    return new Scenario(family + "-" + clients, title, clients, _ -> {
      throw new UnsupportedOperationException(family);
    });
  }
}
