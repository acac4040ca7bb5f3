package dev.holdfast.cli.integrity.bench.relay;

import dev.holdfast.cli.integrity.bench.load.Subject;
import java.util.stream.Stream;

/**
 * How much of the relay is measured.
 *
 * @param warmUpSeconds of each kind of call through the node before the first round, beside what each scenario has: a fresh JVM
 *     compiles for long, and a node runs for months
 * @param connections of whole answers
 * @param streams of fifty chunks a second
 * @param uploads streams whose chunks come as fast as they can
 * @param callers of a publisher's model, of a hundred chunks a second each
 * @param callersSeconds that those are measured
 * @param links that are open and idle; 0 for not
 * @param departures of callers; 0 for none
 */
public record Extent(
    double warmUpSeconds, int connections, int streams, int uploads, int callers, double callersSeconds, int links,
    int departures) {

  public static final Extent USUAL = new Extent(20, 32, 100, 16, 50, 30, 10_000, 100);
  public static final Extent QUICK = new Extent(5, 32, 100, 16, 50, 5, 1_000, 20);

  /** Of each kind of call the one with the most clients, through the node. */
  public boolean isWarmUp(Subject subject) {
    return warmUpSeconds > 0 && Stream.of(RelayBed.key(RelayBed.WHOLE, RelayBed.NODE, connections),
        RelayBed.key(RelayBed.STREAM, RelayBed.NODE, streams), RelayBed.key(RelayBed.UPLOAD, RelayBed.NODE, uploads))
        .anyMatch(subject.key()::equals);
  }
}
