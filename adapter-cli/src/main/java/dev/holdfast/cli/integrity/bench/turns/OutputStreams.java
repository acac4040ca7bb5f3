package dev.holdfast.cli.integrity.bench.turns;

import com.sun.management.OperatingSystemMXBean;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.cli.integrity.bench.load.Sample;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.turns.claims.NextWork;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns whose models tell fifty deltas a second each, all durable, and a reader of each over HTTP. What is measured is the
 * time from when a delta was due to when its reader has its frame, the time in which an executor gathers included.
 */
public final class OutputStreams {
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final long SETTLE_NANOS = 1_000_000_000L;
  private static final Duration HELD = Duration.ofHours(1);
  private static final double MIB = 1 << 20;

  private final Bed bed;
  private final URI address;
  private final String key;

  public OutputStreams(Bed bed, URI address) {
    this.bed = bed;
    this.address = address;
    this.key = bed.key(Role.CONSUMER);
  }

  /**
   * What was found.
   *
   * @param durable deltas, and the time from when each was due to when it was on disk
   * @param read deltas, and the time from when each was due to when its reader had it
   * @param lost deltas that their reader never got, and turns whose end it never got
   * @param doubled frames that a reader got again or out of their order
   * @param heapMib by which the heap in use grew while it was measured
   */
  public record Found(Sample durable, Sample read, long lost, long doubled, double heapMib) {}

  /** @param nanos that are measured, after so much of warming up */
  public Found follow(int turns, long warmUpNanos, long nanos) throws InterruptedException {
    List<FollowedTurn> all = begin(turns);
    List<Thread> threads = new ArrayList<>();
    for (FollowedTurn turn : all) {
      threads.add(Thread.ofVirtual().start(turn::follow));
      threads.add(Thread.ofVirtual().start(turn::produce));
    }
    pause(warmUpNanos);
    double before = heap();
    pause(SETTLE_NANOS);
    long cpu = MACHINE.getProcessCpuTime();
    long began = System.nanoTime();
    all.forEach(turn -> turn.measure(began, began + nanos));
    pause(nanos);
    long used = MACHINE.getProcessCpuTime() - cpu;
    // What was due at the end of that time is still on its way.
    pause(SETTLE_NANOS);
    double grown = heap() - before;
    all.forEach(FollowedTurn::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    return found(all, nanos, used, grown);
  }

  private List<FollowedTurn> begin(int turns) {
    var steps = new TurnSteps(bed);
    List<FollowedTurn> all = new ArrayList<>();
    for (int i = 0; i < turns; i++) {
      WorkerId session = bed.create();
      bed.append(session);
      NextWork.Run work = steps.take(session, HELD);
      bed.acknowledge(1);
      all.add(new FollowedTurn(steps, work, address, key, i * FollowedTurn.EVERY_NANOS / turns));
    }
    return all;
  }

  private static Found found(List<FollowedTurn> all, long nanos, long cpuNanos, double grown) {
    var durable = new Histogram();
    var read = new Histogram();
    long lost = 0;
    long doubled = 0;
    for (FollowedTurn turn : all) {
      turn.requireNoFailure();
      durable.add(turn.durable());
      read.add(turn.read());
      lost += turn.lost();
      doubled += turn.doubled();
    }
    return new Found(new Sample(durable.count(), nanos, cpuNanos, durable),
        new Sample(read.count(), nanos, cpuNanos, read), lost, doubled, Math.max(0, grown));
  }

  private static void pause(long nanos) throws InterruptedException {
    Thread.sleep(Duration.ofNanos(nanos));
  }

  private static double heap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
  }
}
