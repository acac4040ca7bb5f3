package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.relay.ModelCall;
import dev.holdfast.domain.relay.ModelEnd;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.relay.ModelSink;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnExecutorTest {
  private static final ModelEnd FINISHED = new ModelEnd.Finished(new ModelEnd.Tokens(3, 2));

  private final FakeNode node = new FakeNode();
  private final List<TurnExecutor> executors = new ArrayList<>();

  private TurnExecutor start(ModelGateway gateway) {
    return start(gateway, FakeNode.settings());
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

  private static ModelEnd answer(ModelSink sink, String... pieces) {
    for (String piece : pieces) {
      sink.delta(false, piece);
    }
    return FINISHED;
  }

  private static ModelEnd hang() throws InterruptedException {
    new CountDownLatch(1).await();
    return FINISHED;
  }

  private List<String> kinds(WorkerId worker) {
    return node.output(worker).stream().map(OutputRecord::payload).map(OutputPayload::kind).toList();
  }

  @Test
  @DisplayName("an input becomes a turn whose output and transcript are the model's answer")
  void runsATurn() {
    TurnExecutor executor = start((call, sink) -> answer(sink, "Hello, ", "world"));
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
      return answer(sink, "answer " + calls.size());
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
        answer(sink, "half an ans");
        return new ModelEnd.Cut();
      }
      return answer(sink, "whole");
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
      answer(sink, "partial");
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
  @DisplayName("a drained executor hands over, and the next start resumes the turn without using its budget")
  void handsOver() throws Exception {
    for (int restart = 1; restart <= 5; restart++) {
      TurnExecutor executor = start((call, sink) -> {
        sink.delta(false, "begun");
        return hang();
      });
      if (restart == 1) {
        node.send(executor, node.worker(), "go");
      }
      WorkerId worker = new WorkerId(1);
      int attempts = restart;
      await().until(() -> node.turns(worker).size() == 1 && node.turn(worker).attempts().size() == attempts
          && node.output(worker).getLast().payload() instanceof OutputPayload.Delta);
      executor.drain(Duration.ZERO);
      executor.close();
      assertEquals(Attempt.EndedBy.HANDED_OVER,
          Objects.requireNonNull(node.turn(worker).lastAttempt().end()).by());
    }
    start((call, sink) -> answer(sink, "done"));
    WorkerId worker = new WorkerId(1);
    await().until(() -> node.hasEnded(worker, 1));
    assertEquals(6, node.turn(worker).attempts().size());
    assertEquals(new TurnOutcome.Completed(), ((Turn.State.Ended) node.turn(worker).state()).outcome());
    assertEquals(List.of("done"), node.transcript(worker).stream().skip(1).map(TranscriptEntry::content).toList());
  }

  @Test
  @DisplayName("T-A28 (kills) three lost attempts without progress end the turn as attempts_exhausted")
  void exhaustsItsAttempts() {
    WorkerId worker = node.worker();
    var deaf = new TurnExecutor(node.units, node.models, (call, sink) -> FINISHED,
        new TurnExecutor.Node(Owner.builtin("node", 0), node.ids, node.clock, Profiles.NONE, node.news),
        FakeNode.settings(),
        any -> false);
    node.send(deaf, worker, "go");
    for (long dead = 1001; dead <= 1003; dead++) {
      Owner killed = Owner.builtin("node", dead);
      node.units.write(state -> WorkRules.take(state, worker,
          new Claimant(killed, node.ids.hex(32), FakeNode.settings().limits().leaseTtl()),
          FakeNode.settings().limits(), node.clock.instant())).orThrow();
    }
    node.now.updateAndGet(now -> now.plusSeconds(31));
    var called = new AtomicInteger();
    start((call, sink) -> {
      called.incrementAndGet();
      return FINISHED;
    });
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
    assertEquals(0, called.get());
  }

  @Test
  @DisplayName("T-A33 (silent provider) a turn that waits for ever ends by its deadline, and its session goes on")
  void endsByItsDeadline() {
    var calls = new AtomicInteger();
    TurnExecutor executor = start((call, sink) -> calls.incrementAndGet() == 1 ? hang() : answer(sink, "later"));
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
  @DisplayName("an executor whose session was taken over writes nothing more")
  void zombieWritesNothing() {
    var gate = new CountDownLatch(1);
    TurnExecutor zombie = start((call, sink) -> {
      sink.delta(false, "zombie ");
      gate.await();
      sink.delta(false, "speaks");
      return FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(zombie, worker, "go");
    await().until(() -> !node.turns(worker).isEmpty() && node.output(worker).size() == 2);
    start((call, sink) -> answer(sink, "successor"));
    gate.countDown();
    await().until(() -> node.hasEnded(worker, 1));
    await().until(zombie::isIdle);

    assertEquals("successor", node.transcript(worker).getLast().content());
    assertFalse(node.output(worker).stream().map(OutputRecord::payload)
        .anyMatch(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "speaks")::equals));
    assertEquals(1, kinds(worker).stream().filter("end"::equals).count());
  }

  @Test
  @DisplayName("no more turns run at once than the settings say, and those beyond run in the order in which they came")
  void boundsRunningTurns() {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    var order = new CopyOnWriteArrayList<String>();
    ExecutorSettings usual = FakeNode.settings();
    var one = new ExecutorSettings(usual.limits(), usual.renewEvery(), Duration.ofHours(1), 1, usual.outputWindow(),
        usual.retryPauses());
    var gate = new CountDownLatch(1);
    TurnExecutor executor = start((call, sink) -> {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      order.add(call.messages().getLast().content());
      gate.await();
      running.decrementAndGet();
      return answer(sink, "ok");
    }, one);
    List<WorkerId> workers = List.of(node.worker(), node.worker(), node.worker(), node.worker());
    for (WorkerId worker : workers) {
      node.send(executor, worker, worker.value());
    }
    gate.countDown();
    await().until(() -> workers.stream().allMatch(worker -> node.hasEnded(worker, 1)));

    assertEquals(1, most.get());
    assertEquals(workers.stream().map(WorkerId::value).toList(), order);
  }

  @Test
  @DisplayName("a gateway that throws ends the turn failed executor_failed, and the session goes on")
  void brokenGateway() {
    var tries = new AtomicInteger();
    TurnExecutor executor = start((call, sink) -> {
      if (tries.incrementAndGet() == 1) {
        throw new IllegalStateException("a bug");
      }
      return answer(sink, "fine");
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
  @DisplayName("a cursor behind the end of its attempt is ahead, also when a later attempt is there")
  void cursorAhead() {
    TurnExecutor first = start((call, sink) -> {
      sink.delta(false, "begun");
      return hang();
    });
    WorkerId worker = node.worker();
    node.send(first, worker, "go");
    await().until(() -> !node.turns(worker).isEmpty() && node.output(worker).size() == 2);
    first.close();
    start((call, sink) -> answer(sink, "done"));
    await().until(() -> node.hasEnded(worker, 1));

    var feed = new OutputFeed(node.units, node.news);
    TurnId turn = node.turn(worker).id();
    for (String ahead : List.of("0.1", "1.3", "2.4", "3.1")) {
      assertEquals(Reason.CURSOR_AHEAD, assertInstanceOf(Outcome.Refused.class,
          feed.read(turn, Reach.ALL, OutputCursor.parse(ahead).orElseThrow(), 10)).reason(), ahead);
    }
    assertEquals(3, feed.read(turn, Reach.ALL, new OutputCursor(1, 2), 10).orThrow().records().size());
  }

  @Test
  @DisplayName("a worker whose model is not there ends its turn failed model_not_found")
  void unknownModel() {
    TurnExecutor executor = start((call, sink) -> FINISHED);
    WorkerId worker = node.worker("gone");
    node.send(executor, worker, "go");
    await().until(() -> node.hasEnded(worker, 1));
    assertEquals(new TurnOutcome.Failed(Reason.MODEL_NOT_FOUND),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
  }
}
