package dev.holdfast.cli.integrity.bench.load;

/** Something that can be measured at any time, for any time. */
public record Scenario(Subject subject, Measure measure) {

  /** Does it for about so long. */
  @FunctionalInterface
  public interface Measure {
    Sample take(long nanos) throws InterruptedException;
  }

  /** A scenario of clients that call without pause. */
  public static Scenario of(String family, String title, int clients, Load.Client client) {
    return new Scenario(Subject.of(family, title, clients), nanos -> Load.during(nanos, clients, client));
  }

  public String key() {
    return subject.key();
  }
}
