package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.relay.Extent;
import dev.holdfast.cli.integrity.bench.relay.RelayBed;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What is wanted of the relay, beside nginx and Portkey's gateway in the same run. */
final class RelayGoals {
  /** What a delay is taken for that was too small to be seen, in ms. */
  private static final double LEAST = 0.001;

  private final Results results;
  private final Extent extent;
  private final List<Goal> goals = new ArrayList<>();

  private RelayGoals(Results results, Extent extent) {
    this.results = results;
    this.extent = extent;
  }

  /** All for which the run has the figures. */
  static List<Goal> of(Results results, Extent extent) {
    var of = new RelayGoals(results, extent);
    of.whole();
    of.streams();
    of.link();
    of.once();
    return List.copyOf(of.goals);
  }

  private static String key(String family, String target, int clients) {
    return RelayBed.key(family, target, clients);
  }

  private void whole() {
    int many = extent.connections();
    String node = key(RelayBed.WHOLE, RelayBed.NODE, many);
    Goal.ratio(goals, results, "P8", "whole answers at " + many + ", node / nginx", node,
        key(RelayBed.WHOLE, RelayBed.NGINX, many), 0.35);
    Goal.ratio(goals, results, "P8", "whole answers at " + many + ", node / Portkey", node,
        key(RelayBed.WHOLE, RelayBed.PORTKEY, many), 8);
    String direct = key(RelayBed.WHOLE, RelayBed.DIRECT, 1);
    added(key(RelayBed.WHOLE, RelayBed.NODE, 1), direct).ifPresent(ms -> goals.add(
        new Goal("P8", "added to a whole answer at 1 by a node, p50 in ms", ms, 0.4, false)));
    added(key(RelayBed.WHOLE, RelayBed.NGINX, 1), direct).ifPresent(ms -> goals.add(
        Goal.told("P8", "the same by nginx", ms)));
    added(key(RelayBed.WHOLE, RelayBed.PORTKEY, 1), direct).ifPresent(ms -> goals.add(
        Goal.told("P8", "the same by Portkey's gateway", ms)));
  }

  private void streams() {
    int streams = extent.streams();
    String node = key(RelayBed.STREAM, RelayBed.NODE, streams);
    String nginx = key(RelayBed.STREAM, RelayBed.NGINX, streams);
    String direct = key(RelayBed.STREAM, RelayBed.DIRECT, streams);
    OptionalDouble byNode = added(node, direct);
    OptionalDouble byNginx = added(nginx, direct);
    if (byNode.isPresent() && byNginx.isPresent()) {
      goals.add(Goal.told("P7", "added to a chunk by a node, p50 in ms", byNode.getAsDouble()));
      goals.add(Goal.told("P7", "the same by nginx", byNginx.getAsDouble()));
      goals.add(new Goal("P7", "added to a chunk, p50, node / nginx",
          Math.max(LEAST, byNode.getAsDouble()) / Math.max(LEAST, byNginx.getAsDouble()), 1.5, false));
    }
    results.ratio(node, nginx, RelayGoals::cpu).ifPresent(ratio -> goals.add(
        new Goal("P7", "processor time of a chunk, node / nginx", ratio, 2.5, false)));
  }

  private void link() {
    added(key(RelayBed.FIRST, RelayBed.NODE, 1), key(RelayBed.FIRST, RelayBed.DIRECT, 1)).ifPresent(ms -> goals.add(
        new Goal("link", "added to the first chunk by a node and a publisher's link, p50 in ms", ms, 3, false)));
    int uploads = extent.uploads();
    String upload = key(RelayBed.UPLOAD, RelayBed.NODE, uploads);
    Goal.ratio(goals, results, "link", "chunks at " + uploads + " streams, in one request / a post each", upload,
        key(RelayBed.POSTS, RelayBed.NODE, uploads), 1.8);
    results.ratio(upload, key(RelayBed.POSTS + RelayBed.BATCH, RelayBed.NODE, uploads)).ifPresent(ratio -> goals.add(
        Goal.told("link", "the same / " + RelayBed.BATCH + " a post", ratio)));
    results.of(key(RelayBed.CALLERS, RelayBed.NODE, extent.callers())).ifPresent(callers -> {
      goals.add(new Goal("link", "chunks of " + extent.callers() + " callers, delay p99 in ms",
          callers.micros(0.99) / 1_000, 50, false));
      goals.add(new Goal("link", "of 100 chunks a second of each, so many came", 100 * callers.median() / (100.0
          * extent.callers()), 98, true));
    });
  }

  private void once() {
    int tries = extent.departures();
    limit(Results.Figure.LEFT_PUBLIC_LATE, "callers whose leaving a public provider heard of after 1 s or never, of "
        + tries, 0);
    told(Results.Figure.LEFT_PUBLIC_MS, "the last one of them after so many ms");
    limit(Results.Figure.LEFT_LINK_LATE, "the same of a published model, of " + tries, 0);
    told(Results.Figure.LEFT_LINK_MS, "the last one of them after so many ms");
    limit(Results.Figure.LINKS_HEAP_MIB, "heap with " + extent.links() + " idle links in MiB", 150);
    told(Results.Figure.LINKS_HEAP_KIB_EACH, "heap of one in KiB");
    told(Results.Figure.LINKS_RSS_KIB_EACH, "memory of the process for one in KiB");
  }

  private void limit(Results.Figure figure, String says, double most) {
    results.figure(figure).ifPresent(value -> goals.add(new Goal("link", says, value, most, false)));
  }

  private void told(Results.Figure figure, String says) {
    results.figure(figure).ifPresent(value -> goals.add(Goal.told("link", says, value)));
  }

  /** The median over the rounds of what the p50 is longer by, in ms. */
  private OptionalDouble added(String subject, String reference) {
    return results.difference(subject, reference, sample -> sample.latencies().percentile(0.5) / 1e6);
  }

  private static double cpu(Sample sample) {
    return sample.units() == 0 ? 0 : (double) sample.cpuNanos() / sample.units();
  }
}
