package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.SessionView;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which sessions an executor takes, and in which order. */
class ExecutorSlotsTest {
  private static final ModelEnd FINISHED = new ModelEnd.Finished(null);

  private final FakeNode node = new FakeNode();
  private final List<TurnExecutor> executors = new ArrayList<>();

  private static ExecutorSettings oneSlot() {
    ExecutorSettings usual = FakeNode.settings();
    return new ExecutorSettings(usual.limits(), usual.renewEvery(), Duration.ofHours(1), 1, usual.outputWindow(),
        usual.retryPauses());
  }

  private TurnExecutor start(ModelGateway gateway, ExecutorSettings settings) {
    TurnExecutor executor = node.start(gateway, settings);
    executors.add(executor);
    return executor;
  }

  @AfterEach
  void stopExecutors() {
    executors.forEach(TurnExecutor::close);
  }

  @Test
  @DisplayName("a session whose inputs never end leaves its slot to one that waits, after each turn")
  void busySessionStarvesNobody() throws Exception {
    var turns = new Semaphore(0);
    TurnExecutor executor = start((call, sink) -> {
      turns.acquire();
      return FINISHED;
    }, oneSlot());
    WorkerId busy = node.worker();
    WorkerId patient = node.worker();
    node.send(executor, busy, "1");
    await().until(() -> node.turns(busy).size() == 1);
    node.send(executor, patient, "mine");
    node.send(executor, busy, "2");
    turns.release();
    await().until(() -> node.turns(patient).size() == 1);
    assertEquals(1, node.turns(busy).size());
    turns.release(2);
    await().until(() -> node.hasEnded(busy, 2) && node.hasEnded(patient, 1));
  }

  @Test
  @DisplayName("an executor that drains finishes the turn at hand and begins no other")
  void drainBeginsNothing() throws Exception {
    var gate = new CountDownLatch(1);
    TurnExecutor executor = start((call, sink) -> {
      gate.await();
      return FINISHED;
    }, FakeNode.settings());
    WorkerId worker = node.worker();
    node.send(executor, worker, "at hand");
    await().until(() -> node.turns(worker).size() == 1);
    node.send(executor, worker, "later");
    Thread drain = Thread.ofVirtual().start(() -> drain(executor));
    await().until(() -> drain.getState() == Thread.State.TIMED_WAITING);
    gate.countDown();
    drain.join();
    assertTrue(node.hasEnded(worker, 1));
    assertEquals(1, node.store.read(state -> state.workQueue(worker)).pendingInputs());
  }

  private static void drain(TurnExecutor executor) {
    try {
      executor.drain(Duration.ofMinutes(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("the built-in executor leaves the inputs of an external executor's worker alone")
  void externalWorker() {
    TurnExecutor executor = start((call, sink) -> FINISHED, FakeNode.settings());
    WorkerId external = node.worker(null, Execution.EXTERNAL);
    WorkerId builtin = node.worker();
    node.send(executor, external, "not for you");
    node.send(executor, builtin, "for you");
    await().until(() -> node.hasEnded(builtin, 1));
    await().until(executor::isIdle);
    assertEquals(List.of(), node.turns(external));
    assertEquals(1, node.store.read(state -> state.workQueue(external)).pendingInputs());
  }

  @Test
  @DisplayName("at a start, turns of the dead predecessor that wait for a slot are interrupted, never running")
  void waitingTakeOversAreInterrupted() {
    List<WorkerId> workers = List.of(node.worker(), node.worker(), node.worker());
    var deaf = new TurnExecutor(node.units, node.models, (call, sink) -> FINISHED,
        new TurnExecutor.Node(Owner.builtin("node", 0), node.ids, node.clock, Profiles.NONE, node.news),
        FakeNode.settings(),
        any -> false);
    Owner dead = Owner.builtin("node", 0);
    for (WorkerId worker : workers) {
      node.send(deaf, worker, "go");
      node.units.write(state -> WorkRules.take(
          state, worker, new Claimant(dead, node.ids.hex(32), FakeNode.settings().limits().leaseTtl()),
          FakeNode.settings().limits(), node.clock.instant())).orThrow();
    }
    var gate = new CountDownLatch(1);
    start((call, sink) -> {
      gate.await();
      return FINISHED;
    }, oneSlot());
    await().until(() -> activity(workers.getFirst()) == SessionView.Activity.RUNNING);
    assertEquals(SessionView.Activity.INTERRUPTED, activity(workers.get(1)));
    assertEquals(SessionView.Activity.INTERRUPTED, activity(workers.get(2)));
    gate.countDown();
    await().until(() -> workers.stream().allMatch(worker -> node.hasEnded(worker, 1)));
  }

  private SessionView.Activity activity(WorkerId worker) {
    return node.store.read(state -> SessionView.of(state, worker, node.clock.instant())).activity();
  }

  @Test
  @DisplayName("no more turns run at once than the settings say, and those beyond run in the order in which they came")
  void boundsRunningTurns() {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var order = new CopyOnWriteArrayList<String>();
    var gate = new CountDownLatch(1);
    TurnExecutor executor = start((call, sink) -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      order.add(call.messages().getLast().content());
      gate.await();
      running.decrementAndGet();
      return FINISHED;
    }, oneSlot());
    List<WorkerId> workers = List.of(node.worker(), node.worker(), node.worker(), node.worker());
    for (WorkerId worker : workers) {
      node.send(executor, worker, worker.value());
    }
    gate.countDown();
    await().until(() -> workers.stream().allMatch(worker -> node.hasEnded(worker, 1)));

    assertEquals(1, most.get());
    assertEquals(workers.stream().map(WorkerId::value).toList(), order);
  }
}
