package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.relay.Children;
import dev.holdfast.cli.integrity.bench.relay.Departures;
import dev.holdfast.cli.integrity.bench.relay.Extent;
import dev.holdfast.cli.integrity.bench.relay.IdleLinks;
import dev.holdfast.cli.integrity.bench.relay.Peers;
import dev.holdfast.cli.integrity.bench.relay.RelayBed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One run of the relay: rounds of calls of a model server, directly and through a node and its peers, and what is measured once. */
final class RelayBench {
  private final Plan plan;
  private final Extent extent;
  private final Peers peers;
  private final Consumer<String> progress;
  private final Results results = new Results();
  private final List<String> remarks = new ArrayList<>();

  RelayBench(Plan plan, Extent extent, Peers peers, Consumer<String> progress) {
    this.plan = plan;
    this.extent = extent;
    this.peers = peers;
    this.progress = progress;
  }

  /** @param remarks what was left out and why, a line each */
  record Findings(Results results, List<String> remarks) {
    Findings {
      remarks = List.copyOf(remarks);
    }
  }

  /** @param children are ended by the caller */
  Findings run(String store, Path folder, Children children) throws IOException, InterruptedException {
    progress.accept("a node and its peers");
    try (var bed = new RelayBed(extent, peers, store, folder, children)) {
      remarks.addAll(bed.absent());
      List<Scenario> scenarios = bed.scenarios().stream().filter(plan::wants).toList();
      warmUp(scenarios);
      new Rounds(plan, results, progress).run(scenarios);
      once(bed);
      return new Findings(results, remarks);
    }
  }

  private void warmUp(List<Scenario> scenarios) throws InterruptedException {
    for (Scenario scenario : scenarios) {
      if (extent.isWarmUp(scenario.subject())) {
        progress.accept("warming the node up: " + scenario.key());
        scenario.measure().take(Rounds.nanos(extent.warmUpSeconds()));
      }
    }
  }

  private void once(RelayBed bed) throws IOException, InterruptedException {
    Scenario callers = bed.callers();
    if (extent.callersSeconds() > 0 && plan.wants(callers)) {
      progress.accept(callers.key());
      callers.measure().take(Rounds.nanos(plan.warmUpSeconds()));
      results.add(callers.subject(), callers.measure().take(Rounds.nanos(extent.callersSeconds())));
    }
    if (extent.departures() > 0 && plan.wants("leave")) {
      progress.accept("callers leave");
      Departures.Found ofPublic = bed.leavingPublic();
      results.note(Results.Figure.LEFT_PUBLIC_LATE, (double) ofPublic.tries() - ofPublic.inTime());
      results.note(Results.Figure.LEFT_PUBLIC_MS, ofPublic.mostMillis());
      Departures.Found published = bed.leavingPublished();
      results.note(Results.Figure.LEFT_LINK_LATE, (double) published.tries() - published.inTime());
      results.note(Results.Figure.LEFT_LINK_MS, published.mostMillis());
    }
    if (extent.links() > 0 && plan.wants("links")) {
      progress.accept(extent.links() + " idle links");
      links(bed);
    }
  }

  private void links(RelayBed bed) throws InterruptedException {
    try {
      IdleLinks.Found idle = bed.idleLinks();
      results.note(Results.Figure.LINKS_HEAP_MIB, idle.heapMib());
      results.note(Results.Figure.LINKS_HEAP_KIB_EACH, idle.heapKibEach());
      results.note(Results.Figure.LINKS_RSS_KIB_EACH, idle.residentKibEach());
    } catch (IOException e) {
      remarks.add(extent.links() + " idle links were not measured: " + e.getMessage());
    }
  }
}
