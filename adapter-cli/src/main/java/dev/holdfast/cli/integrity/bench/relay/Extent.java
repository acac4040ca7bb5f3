package dev.holdfast.cli.integrity.bench.relay;

/**
 * How much of the relay is measured.
 *
 * @param connections of whole answers
 * @param streams of fifty chunks a second
 * @param uploads streams whose chunks come as fast as they can
 * @param callers of a publisher's model, of a hundred chunks a second each
 * @param callersSeconds that those are measured
 * @param links that are open and idle; 0 for not
 * @param departures of callers; 0 for none
 */
public record Extent(
    int connections, int streams, int uploads, int callers, double callersSeconds, int links, int departures) {

  public static final Extent USUAL = new Extent(32, 100, 16, 50, 30, 10_000, 100);
  public static final Extent QUICK = new Extent(32, 100, 16, 50, 5, 1_000, 20);
}
