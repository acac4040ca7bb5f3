package dev.holdfast.application.events;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.profiles.ProfileSelector;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who waits for work is woken by what may be work for it, and by nothing else. */
class WorkNewsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  private final NewsRoom room = new NewsRoom();
  private final UnitsOfWork units = new UnitsOfWork(new MemoryStore(), room, new NodeState(),
      new AuditKey("5a".repeat(32)), InstantSource.fixed(NOW));

  private void write(Change... changes) {
    units.write(_ -> Decision.done(true, List.of(changes))).orThrow();
  }

  private Worker worker(long number, String owner, Execution execution) {
    var worker = new Worker(new WorkerId(number), owner, WorkerStatus.RUNNING, new WorkerIntent.Assistant(null),
        new ProfileSelector.RuntimeDefault(), null, execution, 0, false, 0, 0, NOW);
    write(new WorkerChange.Created(worker, CreateWorker.of(worker.intent())));
    return worker;
  }

  private void release(Worker worker) {
    write(new LeaseChange.Put(new Lease.Free(worker.id(), 1)), new WorkerChange.Moved(worker.at(1)));
  }

  @Test
  @DisplayName("a session of an external executor that is free again is news to its subject and to who sees all")
  void external() throws InterruptedException {
    Worker mine = worker(1, "me", Execution.EXTERNAL);
    try (var own = room.work("me"); var others = room.work("other"); var all = room.work(null)) {
      release(mine);

      assertTrue(own.await(Duration.ZERO));
      assertTrue(all.await(Duration.ZERO));
      assertFalse(others.await(Duration.ZERO));
    }
  }

  @Test
  @DisplayName("work of the node's own executor and changes that bring no work wake nobody")
  void noWork() throws InterruptedException {
    Worker builtin = worker(1, "me", Execution.BUILTIN);
    Worker external = worker(2, "me", Execution.EXTERNAL);
    try (var own = room.work("me"); var all = room.work(null)) {
      release(builtin);
      write(new WorkerChange.Moved(external.at(1)), new QueueChange.QueuePut(WorkQueue.empty(external.id())));

      assertFalse(own.await(Duration.ZERO));
      assertFalse(all.await(Duration.ZERO));
    }
  }
}
