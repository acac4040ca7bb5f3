package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.Places;
import dev.holdfast.application.integrity.NodeState;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.cancels.CancelRules.Control;
import dev.holdfast.domain.turns.cancels.CancelRules.Requested;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnCancelsTest {
  private static final CancelRules.Asking ASKING = new CancelRules.Asking(null, "key-1", "enough");
  private static final ModelEnd FINISHED = new ModelEnd.Finished(new ModelEnd.Tokens(3, 2));

  private final FakeNode node = new FakeNode();
  private final CountDownLatch calling = new CountDownLatch(1);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger callsEnded = new AtomicInteger();
  private @Nullable TurnExecutor executor;

  private TurnExecutor start(ModelGateway gateway) {
    TurnExecutor started = node.start(gateway, FakeNode.settings());
    executor = started;
    return started;
  }

  @AfterEach
  void stop() {
    if (executor != null) {
      executor.close();
    }
  }

  /** Answers a little, and then nothing until it is interrupted. */
  private TurnExecutor startSilent() {
    return start((call, sink) -> {
      calls.incrementAndGet();
      sink.delta(false, "half an ans");
      calling.countDown();
      try {
        new CountDownLatch(1).await();
        return FINISHED;
      } finally {
        callsEnded.incrementAndGet();
      }
    });
  }

  private TurnCancels cancels() {
    return cancels(Places.Bounds.DEFAULT);
  }

  private TurnCancels cancels(Places.Bounds bounds) {
    return new TurnCancels(node.units, Objects.requireNonNull(executor),
        new TurnCancels.Waiting(node.news, node.state, new Places(bounds)), node.clock);
  }

  private Outcome<Requested> cancel(TurnId turn) {
    return cancels().request(node.called(), turn, ASKING);
  }

  private Turn awaitEnd(WorkerId worker) {
    await().until(() -> node.hasEnded(worker, 1));
    return node.turn(worker);
  }

  private static TurnOutcome outcome(Turn turn) {
    return assertInstanceOf(Turn.State.Ended.class, turn.state()).outcome();
  }

  @Test
  @DisplayName("a running turn is told at once: its model call ends, what it said is kept, and its stages are stamped")
  void inline() throws InterruptedException {
    TurnExecutor silent = startSilent();
    WorkerId worker = node.worker();
    node.send(silent, worker, "go");
    calling.await();

    Requested asked = cancel(node.turn(worker).id()).orThrow();
    assertEquals(Control.INLINE, asked.control());
    Turn ended = cancels().await(asked.turn().id(), "key-1", Cancel.Stage.RELEASED, Duration.ofSeconds(30));

    assertEquals(new TurnOutcome.Cancelled(), outcome(ended));
    assertEquals(1, callsEnded.get(), "the call had ended before the turn did");
    Cancel cancel = Objects.requireNonNull(ended.cancel());
    assertEquals(Cancel.Stage.RELEASED, cancel.stage());
    assertNotNull(cancel.deliveredAt());
    assertNotNull(cancel.acknowledgedAt());
    TranscriptEntry entry = node.transcript(worker).getLast();
    assertEquals("half an ans", entry.content());
    assertEquals(TranscriptEntry.Status.PARTIAL, entry.status());
    assertEquals(cancel, cancel(ended.id()).orThrow().turn().cancel(), "a repeated request is answered with the first");
  }

  @Test
  @DisplayName("the session goes on with its next input behind a turn that was cancelled")
  void goesOn() throws InterruptedException {
    TurnExecutor started = start((call, sink) -> {
      if (calls.incrementAndGet() == 1) {
        calling.countDown();
        new CountDownLatch(1).await();
      }
      sink.delta(false, "an answer");
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(started, worker, "first");
    calling.await();
    node.send(started, worker, "second");
    cancel(node.turn(worker).id());
    await().until(() -> node.hasEnded(worker, 2));

    assertEquals(new TurnOutcome.Cancelled(), outcome(node.turns(worker).getFirst()));
    assertEquals(new TurnOutcome.Completed(), outcome(node.turns(worker).getLast()));
  }

  @Test
  @DisplayName("T-A36 (node) cancel before dispatch: no model call, cancelled")
  void beforeDispatch() {
    WorkerId worker = node.worker();
    // Not started: it takes nothing by itself, whenever it would look.
    executor = new TurnExecutor(node.units, node.models, (call, sink) -> FINISHED,
        new TurnExecutor.Node(Owner.builtin("node", 0), node.ids, node.clock, Profiles.NONE, node.news),
        FakeNode.settings(), any -> true);
    node.units.write(state -> InputRules.accept(state, Sender.to(worker),
        InputDraft.user("go"),
        WorkerLimits.DEFAULT, node.clock.instant()));
    takeAndRelease(worker, new Owner("key-9:other", "1"));

    Requested asked = cancel(node.turn(worker).id()).orThrow();

    assertEquals(Control.SETTLED, asked.control());
    assertEquals(new TurnOutcome.Cancelled(), outcome(asked.turn()));
    Cancel cancel = Objects.requireNonNull(asked.turn().cancel());
    assertNull(cancel.deliveredAt(), "nobody was there to be told");
    assertNotNull(cancel.releasedAt());
  }

  private void takeAndRelease(WorkerId worker, Owner owner) {
    var limits = TurnLimits.DEFAULT;
    node.units.write(state -> WorkRules.take(state, worker,
        new Claimant(owner, node.ids.hex(32), limits.leaseTtl()), limits, node.clock.instant())).orThrow();
    var lease = (Lease.Held) node.store.read(state -> state.lease(worker));
    node.units.write(state -> SessionRules.release(
        state, lease.fence(), node.clock.instant()));
  }

  @Test
  @DisplayName("an external holder learns of it later; a worker's cancel asks its turn as well")
  void durable() {
    TurnExecutor started = startSilent();
    WorkerId worker = node.worker(null, Execution.EXTERNAL);
    node.send(started, worker, "go");
    var limits = TurnLimits.DEFAULT;
    node.units.write(state -> WorkRules.take(state, worker,
        new Claimant(new Owner("key-1:agent", "1"), node.ids.hex(32), limits.leaseTtl()), limits,
        node.clock.instant())).orThrow();

    node.workers.end(node.called(), Sender.to(worker), Ending.CANCEL, null).orThrow();
    Requested asked = cancel(node.turn(worker).id()).orThrow();

    assertEquals(Control.DURABLE, asked.control());
    assertTrue(asked.turn().isOpen());
    assertEquals(Cancel.Stage.REQUESTED, Objects.requireNonNull(asked.turn().cancel()).stage());
    assertEquals(0, calls.get());
  }

  @Test
  @DisplayName("nobody waits for a stage where too many do already, nor longer than until the node drains")
  void waitsAreBounded() throws InterruptedException {
    TurnId turn = heldElsewhere();
    var full = cancels(new Places.Bounds(1, 0));
    assertTrue(full.await(turn, "key-1", Cancel.Stage.RELEASED, Duration.ofHours(1)).isOpen());
    var fullNode = cancels(new Places.Bounds(0, 1));
    assertTrue(fullNode.await(turn, "key-1", Cancel.Stage.RELEASED, Duration.ofHours(1)).isOpen());

    var answered = new CompletableFuture<Turn>();
    Thread waiting = Thread.ofVirtual().start(() -> answered.complete(awaitReleased(turn)));
    await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
    node.state.enter(NodeState.Phase.DRAINING);
    assertTrue(answered.join().isOpen());
  }

  private Turn awaitReleased(TurnId turn) {
    try {
      return cancels().await(turn, "key-1", Cancel.Stage.RELEASED, Duration.ofHours(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A turn that was asked to cancel, and that its holder goes on with. */
  private TurnId heldElsewhere() {
    TurnExecutor started = startSilent();
    WorkerId worker = node.worker(null, Execution.EXTERNAL);
    node.send(started, worker, "go");
    var limits = TurnLimits.DEFAULT;
    node.units.write(state -> WorkRules.take(state, worker,
        new Claimant(new Owner("key-1:agent", "1"), node.ids.hex(32), limits.leaseTtl()), limits,
        node.clock.instant())).orThrow();
    return cancel(node.turn(worker).id()).orThrow().turn().id();
  }

  @Test
  @DisplayName("a turn that ended otherwise tells how, and a stage that doesn't come is not waited for longer than asked")
  void tooLate() throws InterruptedException {
    TurnExecutor started = start((call, sink) -> {
      sink.delta(false, "done");
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(started, worker, "go");
    Turn ended = awaitEnd(worker);

    Outcome.Refused<?> refused = assertInstanceOf(Outcome.Refused.class, cancel(ended.id()));
    assertEquals(Reason.COMPLETION_WON, refused.reason());
    assertEquals("completed", refused.facts().get("outcome"));
    assertEquals(ended, cancels().await(ended.id(), "key-1", Cancel.Stage.RELEASED, Duration.ofHours(1)));
  }
}
