package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Ingress;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.BatchDraft;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.domain.turns.queue.QueueRules;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerLimits;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What arrives for a turn of the built-in executor while it runs, and work that nobody sent as an input. */
class SteeringTest {
  private static final ModelEnd FINISHED = new ModelEnd.Finished(new ModelEnd.Tokens(3, 2));

  private final FakeNode node = new FakeNode();
  private final List<List<String>> calls = new CopyOnWriteArrayList<>();
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

  private int called(ModelCall call) {
    calls.add(call.messages().stream().map(ModelCall.Message::content).toList());
    return calls.size();
  }

  private void enqueue(TurnExecutor executor, WorkerId worker, Payload payload) {
    node.units.write(state -> QueueRules.enqueue(
        state, Sender.to(worker), BatchDraft.of(payload), WorkerLimits.DEFAULT, node.clock.instant())).orThrow();
    executor.trigger(worker);
  }

  @Test
  @DisplayName("an input for the running turn becomes part of it at its next checkpoint, with a further model call")
  void activeTurnInput() throws InterruptedException {
    var calling = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    TurnExecutor started = start((call, sink) -> {
      int number = called(call);
      calling.countDown();
      goOn.await();
      sink.delta(false, "answer " + number);
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(started, worker, "first");
    calling.await();
    node.send(started, worker, new InputDraft(
        InputKind.USER, "steer", null, new Ingress.ActiveTurn(null, Boundary.AFTER_WORK), null));
    goOn.countDown();
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(List.of(List.of("first"), List.of("first", "answer 1", "steer")), calls);
    assertEquals(List.of("attempt_started", "delta", "input_admitted", "checkpoint", "delta", "end"),
        node.output(worker).stream().map(OutputRecord::payload).map(OutputPayload::kind).toList());
    assertEquals(List.of("first", "steer", "answer 1", "answer 2"),
        node.transcript(worker).stream().map(TranscriptEntry::content).toList());
    assertEquals(6, node.turn(worker).usage().inputTokens());
    assertEquals(1, node.turn(worker).attempts().getFirst().commits());
  }

  @Test
  @DisplayName("an input that an earlier try of the checkpoint has claimed already becomes part of the turn")
  void claimedBefore() throws InterruptedException {
    var calling = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    TurnExecutor started = start((call, sink) -> {
      int number = called(call);
      calling.countDown();
      goOn.await();
      sink.delta(false, "answer " + number);
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(started, worker, "first");
    calling.await();
    node.send(started, worker, new InputDraft(
        InputKind.USER, "steer", null, new Ingress.ActiveTurn(null, Boundary.AFTER_WORK), null));
    // As when the commit of that checkpoint had failed.
    var lease = (Lease.Held) node.store.read(state -> state.lease(worker));
    node.units.write(state -> ClaimRules.atCheckpoint(state, new ClaimRules.Holder(lease.fence(), node.ids.hex(32)),
        node.turn(worker).id(), 1, Boundary.BEFORE_COMPLETION, TurnLimits.DEFAULT, node.clock.instant())).orThrow();
    goOn.countDown();
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(1, node.turn(worker).attempts().size());
    assertEquals(List.of("first", "steer", "answer 1", "answer 2"),
        node.transcript(worker).stream().map(TranscriptEntry::content).toList());
  }

  @Test
  @DisplayName("a wake begins a turn, whose model is told of it, and makes no entry of its own")
  void wake() {
    TurnExecutor started = start((call, sink) -> {
      called(call);
      sink.delta(false, "looked");
      return FINISHED;
    });
    WorkerId worker = node.worker();
    enqueue(started, worker, Payload.Wake.of("mail", 7, "a letter has come"));
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(List.of(List.of("Wake from mail (origin.wake): a letter has come")), calls);
    assertEquals(List.of("looked"), node.transcript(worker).stream().map(TranscriptEntry::content).toList());
    assertEquals("wakes", node.turn(worker).start().trigger());
  }

  @Test
  @DisplayName("a command is applied between turns: the context begins anew and the transcript stays")
  void command() {
    TurnExecutor started = start((call, sink) -> {
      called(call);
      sink.delta(false, "answer");
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(started, worker, "first");
    await().until(() -> node.hasEnded(worker, 1));
    enqueue(started, worker, new Payload.Command(Payload.Command.Kind.RESET_SESSION, null));
    await().until(() -> node.store.read(state -> state.workQueue(worker)).queuedWork() == 0);
    node.send(started, worker, "second");
    await().until(() -> node.hasEnded(worker, 2));

    assertEquals(List.of("second"), calls.getLast());
    assertEquals(4, node.transcript(worker).size());
  }
}
