package dev.holdfast.application.relay;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.integrity.StoreException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the relay does again and again: deadlines each second, the sweep of publishers each minute (spec R-70), that of tasks
 * each five (spec R-71).
 */
public final class RelayRounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RelayRounds.class);
  private static final int SWEEP_EVERY_S = 60;
  private static final int TASKS_EVERY_S = 300;

  private final Relay.Present present;
  private final Publishers publishers;
  private final OfTasks tasks;
  private final NodeState node;
  private final ScheduledExecutorService ticks = timer("relay-ticks");
  /** Apart: a sweep of many rows delays no deadline. */
  private final ScheduledExecutorService sweeps = timer("relay-sweeps");

  /** What is to be done again and again for tasks that are kept: each second, and each five minutes. */
  public record OfTasks(Runnable tick, Runnable sweep) {}

  public RelayRounds(Relay.Present present, Publishers publishers, OfTasks tasks, NodeState node) {
    this.present = present;
    this.publishers = publishers;
    this.tasks = tasks;
    this.node = node;
  }

  public void start() {
    for (Runnable part : present.ticks()) {
      var _ = ticks.scheduleWithFixedDelay(() -> guarded(part), 1, 1, TimeUnit.SECONDS);
    }
    every(ticks, 1, tasks.tick());
    every(sweeps, SWEEP_EVERY_S, publishers::sweep);
    every(sweeps, TASKS_EVERY_S, tasks.sweep());
  }

  private static ScheduledExecutorService timer(String name) {
    return Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name(name).factory());
  }

  private void every(ScheduledExecutorService timer, int seconds, Runnable round) {
    var _ = timer.scheduleWithFixedDelay(() -> guarded(() -> {
      if (node.phase() == NodeState.Phase.READY) {
        round.run();
      }
    }), seconds, seconds, TimeUnit.SECONDS);
  }

  /** One round that fails is not the last, however it fails. */
  private static void guarded(Runnable round) {
    try {
      round.run();
    } catch (StoreException e) {
      LOG.warn("a round of the relay failed: {}", e.reason().code());
    } catch (RuntimeException | Error e) {
      LOG.error("a round of the relay broke: {}", e.getClass().getSimpleName());
    }
  }

  @Override
  public void close() {
    ticks.shutdownNow();
    sweeps.shutdownNow();
  }
}
