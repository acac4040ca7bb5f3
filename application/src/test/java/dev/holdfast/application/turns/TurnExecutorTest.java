package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a turn is run by a model, and how it ends. */
class TurnExecutorTest {
  private final FakeNode node = new FakeNode();
  private final List<TurnExecutor> executors = new ArrayList<>();

  private TurnExecutor start(ModelGateway gateway) {
    TurnExecutor executor = node.start(gateway, FakeNode.settings());
    executors.add(executor);
    return executor;
  }

  @AfterEach
  void stopExecutors() {
    executors.forEach(TurnExecutor::close);
  }

  private List<String> kinds(WorkerId worker) {
    return node.output(worker).stream().map(OutputRecord::payload).map(OutputPayload::kind).toList();
  }

  @Test
  @DisplayName("an input becomes a turn whose output and transcript are the model's answer")
  void runsATurn() {
    TurnExecutor executor = start((call, sink) -> FakeModel.answer(sink, "Hello, ", "world"));
    WorkerId worker = node.worker();
    InputId input = node.send(executor, worker, "greet");
    await().until(() -> node.hasEnded(worker, 1));

    Turn turn = node.turn(worker);
    assertEquals(new TurnOutcome.Completed(), ((Turn.State.Ended) turn.state()).outcome());
    assertEquals(List.of(input), turn.inputs());
    assertEquals(List.of("attempt_started", "delta", "delta", "end"), kinds(worker));
    TranscriptEntry reply = node.transcript(worker).getLast();
    assertEquals("Hello, world", reply.content());
    assertEquals(TranscriptEntry.Status.FINAL, reply.status());
    assertEquals(2, turn.usage().outputTokens());
    assertFalse(node.store.read(state -> state.lease(worker)).isHeldLiveAt(node.clock.instant()));
  }

  @Test
  @DisplayName("the model is shown the committed turns and the turn's own inputs, and no other")
  void contextOfASecondTurn() {
    var calls = new CopyOnWriteArrayList<ModelCall>();
    TurnExecutor executor = start((call, sink) -> {
      calls.add(call);
      return FakeModel.answer(sink, "answer " + calls.size());
    });
    WorkerId worker = node.worker();
    node.send(executor, worker, "first");
    await().until(() -> node.hasEnded(worker, 1));
    node.send(executor, worker, "second");
    await().until(() -> node.hasEnded(worker, 2));

    assertEquals(List.of("first", "answer 1", "second"),
        calls.getLast().messages().stream().map(ModelCall.Message::content).toList());
  }

  @Test
  @DisplayName("a failed call is made again, readers are told to drop its text, and the answer is in the transcript once")
  void retriesAfterRewinding() {
    var tries = new AtomicInteger();
    TurnExecutor executor = start((call, sink) -> {
      if (tries.incrementAndGet() == 1) {
        FakeModel.answer(sink, "half an ans");
        return new ModelEnd.Cut();
      }
      return FakeModel.answer(sink, "whole");
    });
    WorkerId worker = node.worker();
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(List.of("attempt_started", "delta", "rewound", "delta", "end"), kinds(worker));
    assertEquals("whole", node.transcript(worker).getLast().content());
  }

  @Test
  @DisplayName("a stream that is always cut ends incomplete with the text that came")
  void cutForGood() {
    TurnExecutor executor = start((call, sink) -> {
      FakeModel.answer(sink, "partial");
      return new ModelEnd.Cut();
    });
    WorkerId worker = node.worker();
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
    assertEquals(TranscriptEntry.Status.PARTIAL, node.transcript(worker).getLast().status());
    assertEquals("partial", node.transcript(worker).getLast().content());
  }

  @Test
  @DisplayName("a provider that fails for good ends the turn failed, with no entry of the assistant")
  void failedForGood() {
    TurnExecutor executor = start((call, sink) -> new ModelEnd.Failed(false, "no"));
    WorkerId worker = node.worker();
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(new TurnOutcome.Failed(Reason.PROVIDER_FAILED),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
    assertEquals(1, node.transcript(worker).size());
    assertEquals(new OutputPayload.End("failed", "provider_failed", 1, "no"), node.output(worker).getLast().payload());
    assertEquals("no", node.store.read(state -> state.events(1, 100, worker)).stream()
        .filter(event -> event.name() == EventName.TURN_FAILED).findFirst().orElseThrow().note());
  }

  @Test
  @DisplayName("T-A33 (silent provider) a turn that waits for ever ends by its deadline, and its session goes on")
  void endsByItsDeadline() {
    var calls = new AtomicInteger();
    TurnExecutor executor =
        start((call, sink) -> calls.incrementAndGet() == 1 ? FakeModel.hang() : FakeModel.answer(sink, "later"));
    WorkerId worker = node.worker();
    node.send(executor, worker, "wait");
    await().until(() -> calls.get() == 1);
    node.now.updateAndGet(now -> now.plus(Duration.ofMinutes(30)));
    await().until(() -> node.hasEnded(worker, 1));
    assertEquals(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());

    node.send(executor, worker, "again");
    await().until(() -> node.hasEnded(worker, 2));
    assertEquals("later", node.transcript(worker).getLast().content());
  }

  @Test
  @DisplayName("a gateway that throws ends the turn failed executor_failed, and the session goes on")
  void brokenGateway() {
    var tries = new AtomicInteger();
    TurnExecutor executor = start((call, sink) -> {
      if (tries.incrementAndGet() == 1) {
        throw new IllegalStateException("a bug");
      }
      return FakeModel.answer(sink, "fine");
    });
    WorkerId worker = node.worker();
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));
    assertEquals(new TurnOutcome.Failed(Reason.EXECUTOR_FAILED),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
    node.send(executor, worker, "again");
    await().until(() -> node.hasEnded(worker, 2));
    assertEquals("fine", node.transcript(worker).getLast().content());
  }

  @Test
  @DisplayName("a worker whose model is not there ends its turn failed model_not_found")
  void unknownModel() {
    TurnExecutor executor = start((call, sink) -> FakeModel.FINISHED);
    WorkerId worker = node.worker("gone");
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));
    assertEquals(new TurnOutcome.Failed(Reason.MODEL_NOT_FOUND),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
  }
}
