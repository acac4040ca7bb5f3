package dev.holdfast.cli.integrity.bench;

import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Subject;

import dev.holdfast.cli.integrity.bench.turns.ManySessions;
import dev.holdfast.cli.integrity.bench.turns.OutputStreams;
import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.StoreProbe;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** One run: a fresh node, one beside it on the other store, rounds in which every scenario has its turn, and the recount on the same directories opened anew. */
final class Bench {
  private static final int CREATING_CLIENTS = 64;

  private final Plan plan;
  private final String store;
  private final Path folder;
  private final Consumer<String> progress;
  private final Results results = new Results();

  /**
   * @param store the backend's name
   * @param folder where the data directories of the run are made
   * @param progress is told what is being done
   */
  Bench(Plan plan, String store, Path folder, Consumer<String> progress) {
    this.plan = plan;
    this.store = store;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * What a run found.
   *
   * @param acknowledged transcript entries that the nodes on either store said they had stored
   * @param stored transcript entries that they had when they were opened again
   * @param reopenMillis until the node on the store that is measured was ready again
   */
  record Findings(Results results, long acknowledged, long stored, long reopenMillis) {
    boolean isComplete() {
      return acknowledged == stored;
    }
  }

  Findings run() throws InterruptedException {
    String data = folder.resolve("node").toString();
    String besideData = folder.resolve("beside").toString();
    Bed bed = Bed.open(store, data);
    Bed beside = null;
    try {
      beside = Bed.open(Subjects.besides(store), besideData);
      measure(bed, beside);
      long acknowledged = bed.acknowledged() + beside.acknowledged();
      progress.accept("recount of " + acknowledged + " entries");
      long began = System.nanoTime();
      bed = bed.reopen(store, data);
      long reopened = (System.nanoTime() - began) / 1_000_000;
      beside = beside.reopen(Subjects.besides(store), besideData);
      long stored = bed.countStored() + beside.countStored();
      beside.close();
      beside = null;
      if (plan.events() > 0) {
        growth();
        new Starts(plan, store, folder, results, progress).measure();
      }
      if (plan.wrongKeys() > 0) {
        wrongKeys();
      }
      if (plan.turns().sessions() > 0) {
        manySessions();
      }
      if (plan.turns().streams() > 0) {
        streams();
      }
      return new Findings(results, acknowledged, stored, reopened);
    } finally {
      bed.close();
      if (beside != null) {
        beside.close();
      }
    }
  }

  private void measure(Bed bed, Bed beside) throws InterruptedException {
    bed.createWorkers(2 * plan.workers(), CREATING_CLIENTS);
    beside.createWorkers(plan.workers(), CREATING_CLIENTS);
    URI address = bed.node().bind();
    var subjects = new Subjects(bed, beside, plan, address, bed.adminKey());
    try (DiskProbe disk = bed.node().use(DiskProbe.class); StoreProbe probe = bed.node().use(StoreProbe.class)) {
      rounds(subjects.all(disk, probe));
    }
    if (plan.slowDrip()) {
      rounds(new SlowDrip(address, bed.adminKey(), results, progress).scenarios());
    }
  }

  private void growth() throws InterruptedException {
    try (Bed small = Bed.open(store, folder.resolve("small").toString());
        Bed large = Bed.open(store, folder.resolve("large").toString())) {
      rounds(new Growth(plan, progress).scenarios(small, large));
    }
  }

  private void manySessions() throws InterruptedException {
    try (Bed one = Bed.open(store, folder.resolve("one-session").toString());
        Bed many = Bed.open(store, folder.resolve("many-sessions").toString())) {
      rounds(new ManySessions(progress).scenarios(one, many, plan.turns().sessions()));
    }
  }

  /** Once: it lasts long enough. */
  private void streams() throws InterruptedException {
    int turns = plan.turns().streams();
    try (Bed bed = Bed.open(store, folder.resolve("streams").toString())) {
      progress.accept(turns + " turns are followed");
      OutputStreams.Found found = new OutputStreams(bed, bed.node().bind())
          .follow(turns, Rounds.nanos(plan.warmUpSeconds()), Rounds.nanos(plan.turns().followSeconds()));
      results.add(Subject.of("stream-durable", "a delta until it is on disk", turns), found.durable());
      results.add(Subject.of("stream-read", "a delta until its reader has it", turns), found.read());
      results.note(Results.Figure.STREAMS_LOST, (double) found.lost());
      results.note(Results.Figure.STREAMS_DOUBLED, (double) found.doubled());
      results.note(Results.Figure.STREAMS_HEAP_MIB, found.heapMib());
    }
  }

  private void wrongKeys() throws InterruptedException {
    try (Bed bed = Bed.open(store, folder.resolve("wrong-keys").toString())) {
      progress.accept(plan.wrongKeys() + " requests with wrong keys");
      double growth = new WrongKeys(bed, bed.node().bind()).growth(plan.wrongKeys());
      results.note(Results.Figure.WRONG_KEYS_HEAP_MIB, Math.max(0, growth));
    }
  }

  private void rounds(List<Scenario> scenarios) throws InterruptedException {
    new Rounds(plan, results, progress).run(scenarios);
  }
}
