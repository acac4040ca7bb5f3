package dev.holdfast.cli.integrity.bench.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Subject;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.workers.Execution;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Whether a turn's steps cost in a node of many sessions what they cost in a node of one. In the large node one session in
 * ten has an open turn that another executor holds; the steps are measured in sessions drawn from the others.
 */
public final class ManySessions {
  private static final int OPEN_EVERY = 10;
  private static final int CLIENTS = 64;
  /** Nothing that is held becomes free while it is measured. */
  private static final Duration HELD = Duration.ofHours(1);
  private static final int HINTS = 64;
  private static final int SCAN_PAGE = 256;

  private final Consumer<String> progress;

  public ManySessions(Consumer<String> progress) {
    this.progress = progress;
  }

  /** What is measured of a cycle. */
  public enum Step {
    LOOK("an executor looks for work"),
    SCAN("the node looks for work, a page"),
    TAKE("lease and next work"),
    APPEND("output append of 20 deltas"),
    RENEW("renewal"),
    COMMIT("terminal commit with release");

    private final String title;

    Step(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }

    /** The scenario's name in the node of one session or of many. */
    public String key(boolean many) {
      return "step-" + name().toLowerCase(Locale.ROOT) + (many ? "-many" : "-one");
    }
  }

  /** Fills both nodes first. */
  public List<Scenario> scenarios(Bed one, Bed many, int sessions) throws InterruptedException {
    WorkerId only = one.create();
    progress.accept("sessions: " + sessions + ", one in " + OPEN_EVERY + " with an open turn");
    many.createWorkers(sessions, CLIENTS);
    open(many, sessions / OPEN_EVERY);
    var cycles = new Cycles(one, _ -> only);
    var manyCycles = new Cycles(many, chance -> idle(chance, sessions));
    List<Scenario> all = new ArrayList<>();
    for (Step step : Step.values()) {
      all.add(scenario(step, cycles, false, "one session"));
      all.add(scenario(step, manyCycles, true, sessions + " sessions"));
    }
    return all;
  }

  private static Scenario scenario(Step step, Cycles cycles, boolean many, String where) {
    return new Scenario(new Subject(step.key(many), step.title() + ", " + where, 1), nanos -> cycles.take(nanos, step));
  }

  /** One of those that no turn is open in. */
  private static WorkerId idle(SplittableRandom chance, int sessions) {
    int drawn = 1 + chance.nextInt(sessions);
    return new WorkerId(drawn % OPEN_EVERY == 0 ? drawn - 1 : drawn);
  }

  private static void open(Bed bed, int turns) throws InterruptedException {
    var steps = new TurnSteps(bed);
    var next = new AtomicLong();
    Load.count(turns, CLIENTS, _ -> () -> {
      var session = new WorkerId(OPEN_EVERY * next.incrementAndGet());
      bed.append(session);
      steps.take(session, HELD);
      return 1;
    });
  }

  @FunctionalInterface
  private interface Drawn {
    WorkerId session(SplittableRandom chance);
  }

  /** Turns of one client, one after the other, in one node. */
  private static final class Cycles {
    private final Bed bed;
    private final TurnSteps steps;
    private final Drawn drawn;
    private final UnitsOfWork units;
    private final InstantSource clock;
    private final SplittableRandom chance = new SplittableRandom(1);

    Cycles(Bed bed, Drawn drawn) {
      this.bed = bed;
      this.steps = new TurnSteps(bed);
      this.drawn = drawn;
      this.units = bed.units();
      this.clock = bed.node().use(InstantSource.class);
    }

    /** Whole turns, of each of which one step's time counts. */
    Sample take(long nanos, Step measured) {
      var watch = new Watch(measured);
      long end = System.nanoTime() + nanos;
      do {
        turn(watch);
      } while (System.nanoTime() < end);
      return watch.sample();
    }

    private void turn(Watch watch) {
      WorkerId session = drawn.session(chance);
      bed.append(session);
      List<WorkerId> found =
          watch.time(Step.LOOK, () -> look(new Workable(Execution.EXTERNAL, Key.DEFAULT_SUBJECT, false), HINTS));
      if (!found.equals(List.of(session))) {
        throw new IllegalStateException("where work is was not found, but " + found);
      }
      watch.time(Step.SCAN,
          () -> look(Workable.BUILTIN, SCAN_PAGE).size() + look(Workable.EXTERNAL_OPEN, SCAN_PAGE).size());
      NextWork.Run work = watch.time(Step.TAKE, () -> steps.take(session, HELD));
      long last = watch.time(Step.APPEND, () -> steps.append(work));
      watch.time(Step.RENEW, () -> steps.renew(work, HELD));
      watch.time(Step.COMMIT, () -> steps.commit(work, last));
      bed.acknowledge(1);
    }

    private List<WorkerId> look(Workable which, int limit) {
      return units.read(state -> state.workableSessions(which, clock.instant(), 0, limit));
    }
  }

  private static final class Watch {
    private final Step measured;
    private final Histogram latencies = new Histogram();
    private long nanos;

    Watch(Step measured) {
      this.measured = measured;
    }

    <T> T time(Step step, Supplier<T> does) {
      long began = System.nanoTime();
      T done = does.get();
      if (step == measured) {
        long took = System.nanoTime() - began;
        latencies.record(took);
        nanos += took;
      }
      return done;
    }

    Sample sample() {
      return new Sample(latencies.count(), nanos, 0, latencies);
    }
  }
}
