package dev.holdfast.cli.integrity.bench;

import dev.holdfast.application.workers.WorkerCatalogue;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Workload;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Whether costs stay flat: two nodes, of which one has ten times the events and a hundred times the workers of the other,
 * measured in turns.
 */
final class Growth {
  private static final int MANY_CLIENTS = 64;
  private static final int MANY_WORKERS = 100;
  private static final int SHORT = 100;
  private static final int LONG = 10_000;
  private static final String SMALL = "-small";
  private static final String LARGE = "-large";

  private final Plan plan;
  private final Consumer<String> progress;

  Growth(Plan plan, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
  }

  /** Fills both nodes first. */
  List<Scenario> scenarios(Bed small, Bed large) throws InterruptedException {
    fill(small, plan.events() / 10);
    fill(large, plan.events());
    WorkerId brief = transcript(large, SHORT);
    WorkerId lengthy = transcript(large, LONG);
    progress.accept("growth: " + (MANY_WORKERS - 1) * plan.workers() + " more workers");
    large.createWorkers((MANY_WORKERS - 1) * plan.workers(), MANY_CLIENTS);
    List<Scenario> all = new ArrayList<>();
    for (int clients : List.of(1, MANY_CLIENTS)) {
      all.add(append(small, SMALL, clients));
      all.add(append(large, LARGE, clients));
    }
    all.add(Subjects.tailPage(small, "page" + SMALL));
    all.add(Subjects.tailPage(large, "page" + LARGE));
    all.add(create(small, SMALL));
    all.add(create(large, LARGE));
    all.add(page(large, brief, 0, "transcript" + SMALL));
    all.add(page(large, lengthy, LONG - SHORT, "transcript" + LARGE));
    return all;
  }

  private void fill(Bed bed, long events) throws InterruptedException {
    progress.accept("growth: " + events + " events");
    filled(bed, events, plan.workers());
  }

  /** Makes workers, and sends them so many inputs. */
  Sample filled(Bed bed, long inputs, int workers) throws InterruptedException {
    bed.createWorkers(workers, MANY_CLIENTS);
    return Load.count(inputs, MANY_CLIENTS, number -> appending(bed, number, workers));
  }

  private Scenario append(Bed bed, String size, int clients) {
    return Scenario.of("growth-append" + size, "append" + size, clients,
        number -> appending(bed, number, plan.workers()));
  }

  private Load.Call appending(Bed bed, int number, int workers) {
    var chance = new SplittableRandom(number);
    var workload = new Workload(workers, plan.zipf());
    return () -> {
      bed.append(new WorkerId(1 + workload.next(chance)));
      return 1;
    };
  }

  private static WorkerId transcript(Bed bed, int entries) throws InterruptedException {
    WorkerId worker = bed.create();
    Load.count(entries, MANY_CLIENTS, _ -> () -> {
      bed.append(worker);
      return 1;
    });
    return worker;
  }

  private static Scenario page(Bed bed, WorkerId worker, long start, String family) {
    WorkerCatalogue catalogue = bed.node().use(WorkerCatalogue.class);
    return Scenario.of(family, "last page of a transcript of " + (start + SHORT) + " entries", 1,
        _ -> () -> catalogue.transcript(null, worker, Reach.ALL, start, SHORT).orThrow().projection().items().size()
            / SHORT);
  }

  private static Scenario create(Bed bed, String size) {
    return Scenario.of("create" + size, "create a worker" + size, 1, _ -> () -> {
      bed.create();
      return 1;
    });
  }
}
