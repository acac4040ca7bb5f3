package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.leases.ProcessTable;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerLimits;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Turns that must not go on end though every place is taken by a turn that waits for its model. */
class SettlementsTest {
  private static final Owner AGENT = new Owner("key-1:agent", "1");
  private static final Duration NEVER = Duration.ofHours(1);

  private final FakeNode node = new FakeNode();
  private @Nullable TurnExecutor executor;

  private TurnExecutor start(Duration scanEvery, int places) {
    ExecutorSettings usual = FakeNode.settings();
    TurnExecutor started = node.start((call, sink) -> {
      new CountDownLatch(1).await();
      return new ModelEnd.Finished(null);
    }, new ExecutorSettings(usual.limits(), usual.renewEvery(), scanEvery, places, usual.outputWindow(),
        usual.retryPauses()));
    executor = started;
    return started;
  }

  @AfterEach
  void stop() {
    Objects.requireNonNull(executor).close();
  }

  /** A node whose only place is taken for good. */
  private void startBusy(Duration scanEvery) {
    TurnExecutor started = start(scanEvery, 1);
    WorkerId busy = node.worker();
    node.send(started, busy, "go");
    await().until(() -> node.turns(busy).size() == 1);
  }

  /** A turn that an external executor holds. */
  private Fence taken(WorkerId worker) {
    node.units.write(state -> InputRules.accept(
        state, Sender.to(worker), InputDraft.user("go"), WorkerLimits.DEFAULT, node.clock.instant())).orThrow();
    var limits = TurnLimits.DEFAULT;
    node.units.write(state -> WorkRules.take(state, worker, new Claimant(AGENT, node.ids.hex(32), limits.leaseTtl()),
        limits, node.clock.instant())).orThrow();
    return ((Lease.Held) node.store.read(state -> state.lease(worker))).fence();
  }

  private void released(Fence fence) {
    node.units.write(state -> SessionRules.release(state, fence, node.clock.instant())).orThrow();
  }

  private void askedToCancel(WorkerId worker) {
    node.units.write(state -> CancelRules.request(state, node.turn(worker).id(),
        new CancelRules.Asking(null, "key-1", null), AGENT, node.clock.instant())).orThrow();
  }

  private boolean isCancelled(WorkerId worker) {
    return node.turn(worker).state() instanceof Turn.State.Ended ended
        && ended.outcome() instanceof TurnOutcome.Cancelled;
  }

  @Test
  @DisplayName("the scan settles an external executor's turn and one of the node's own, though no place is free")
  void scanned() {
    startBusy(Duration.ofMillis(20));
    WorkerId external = node.worker(null, Execution.EXTERNAL);
    WorkerId builtin = node.worker();
    for (WorkerId worker : new WorkerId[] {external, builtin}) {
      released(taken(worker));
      askedToCancel(worker);
    }
    await().until(() -> isCancelled(external) && isCancelled(builtin));
  }

  @Test
  @DisplayName("a turn that was asked to cancel has ended when its holder has given it back, though no place is free")
  void givenBack() {
    startBusy(NEVER);
    WorkerId worker = node.worker(null, Execution.EXTERNAL);
    Fence fence = taken(worker);
    askedToCancel(worker);
    var leases = new ExecutorLeases(
        node.units, Objects.requireNonNull(executor), ProcessTable.UNKNOWN, node.ids, node.clock);
    assertTrue(leases.release(node.called(), Reach.ALL, worker, fence).orThrow());
    assertTrue(isCancelled(worker));
  }

  @Test
  @DisplayName("a cancelled worker's turn that nobody holds has ended when the cancel is answered")
  void ofCancelledWorker() {
    startBusy(NEVER);
    WorkerId worker = node.worker(null, Execution.EXTERNAL);
    released(taken(worker));
    node.workers.end(node.called(), Sender.to(worker), Ending.CANCEL, null).orThrow();
    assertTrue(isCancelled(worker));
  }

  @Test
  @DisplayName("a turn that may go on, and one that is held, are left alone")
  void leftAlone() {
    startBusy(NEVER);
    WorkerId free = node.worker(null, Execution.EXTERNAL);
    WorkerId held = node.worker(null, Execution.EXTERNAL);
    released(taken(free));
    taken(held);
    askedToCancel(held);
    Turn before = node.turn(free);
    Objects.requireNonNull(executor).settleIfDue(free);
    Objects.requireNonNull(executor).settleIfDue(held);
    assertEquals(before, node.turn(free));
    assertTrue(node.turn(held).isOpen());
  }

  @Test
  @DisplayName("what is sent to an external executor's worker asks for no place")
  void noPlace() {
    TurnExecutor started = start(NEVER, 0);
    node.send(started, node.worker(null, Execution.EXTERNAL), "not for you");
    assertTrue(started.isIdle());
    node.send(started, node.worker(), "for you");
    assertFalse(started.isIdle());
  }
}
