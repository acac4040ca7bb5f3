package dev.holdfast.cli.integrity.bench.turns;

import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Load;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.cli.integrity.bench.load.Scenario;
import dev.holdfast.cli.integrity.bench.load.Subject;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Role;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions' turns as executors run them, without the model, in process or over HTTP. The inputs are accepted beforehand and
 * outside the time that is measured. One commit in a hundred is tried under a stale fence first, and refused.
 */
public final class TurnCycle {
  static final int DELTAS = 20;
  /** Of each turn's output the first record is there when its work is taken. */
  static final long FIRST_DELTA = 2;
  private static final int STALE_EVERY = 100;
  private static final int FEEDING_CLIENTS = 64;

  private final Bed bed;
  private final List<WorkerId> sessions;
  private final AtomicInteger cycles = new AtomicInteger();

  public TurnCycle(Bed bed, List<WorkerId> sessions) {
    this.bed = bed;
    this.sessions = List.copyOf(sessions);
  }

  /** One client's way to run turns. */
  interface Turns extends AutoCloseable {
    /** @param alsoStale whether the commit is tried under a stale fence first */
    void run(WorkerId session, boolean alsoStale) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  @FunctionalInterface
  private interface Executors {
    Turns ready(int number) throws IOException;
  }

  public Scenario inProcess(int clients) {
    var steps = new TurnSteps(bed);
    return new Scenario(Subject.of("turn", "turn cycle, 3 units of work", clients),
        nanos -> take(nanos, clients, _ -> steps::turn));
  }

  public Scenario overHttp(int clients, URI node) {
    String key = bed.key(Role.EXECUTOR);
    return new Scenario(Subject.of("turn-http", "HTTP: turn cycle, 4 requests", clients),
        nanos -> take(nanos, clients, number -> new HttpTurns(node, key, number)));
  }

  /** As often as all sessions have had a turn, all get a new input, until the time is up. */
  private Sample take(long nanos, int clients, Executors executors) throws InterruptedException {
    var sample = new Sample(0, 0, 0, new Histogram());
    while (sample.nanos() < nanos) {
      var fed = new AtomicInteger();
      Load.count(sessions.size(), FEEDING_CLIENTS, _ -> () -> {
        bed.append(sessions.get(fed.getAndIncrement()));
        return 1;
      });
      var next = new AtomicInteger();
      sample = sample.plus(Load.count(sessions.size(), clients, number -> client(executors.ready(number), next)));
    }
    return sample;
  }

  private Load.Call client(Turns turns, AtomicInteger next) {
    return new Load.Call() {
      @Override
      public int once() throws IOException {
        turns.run(sessions.get(next.getAndIncrement()), cycles.incrementAndGet() % STALE_EVERY == 0);
        bed.acknowledge(1);
        return 1;
      }

      @Override
      public void close() throws IOException {
        turns.close();
      }
    };
  }
}
