package dev.holdfast.application.turns;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.relay.ModelGateway;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What becomes of a turn whose executor hands it over, dies, or loses it to another. */
class TurnSuccessionTest {
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

  @Test
  @DisplayName("a drained executor hands over, and the next start resumes the turn without using its budget")
  void handsOver() throws Exception {
    for (int restart = 1; restart <= 5; restart++) {
      TurnExecutor executor = start((call, sink) -> {
        sink.delta(false, "begun");
        return FakeModel.hang();
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
    start((call, sink) -> FakeModel.answer(sink, "done"));
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
    var deaf = new TurnExecutor(node.units, node.models, (call, sink) -> FakeModel.FINISHED,
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
      return FakeModel.FINISHED;
    });
    await().until(() -> node.hasEnded(worker, 1));

    assertEquals(new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED),
        ((Turn.State.Ended) node.turn(worker).state()).outcome());
    assertEquals(0, called.get());
  }

  @Test
  @DisplayName("an executor whose session was taken over writes nothing more")
  void zombieWritesNothing() {
    var gate = new CountDownLatch(1);
    TurnExecutor zombie = start((call, sink) -> {
      sink.delta(false, "zombie ");
      gate.await();
      sink.delta(false, "speaks");
      return FakeModel.FINISHED;
    });
    WorkerId worker = node.worker();
    node.send(zombie, worker, "go");
    await().until(() -> !node.turns(worker).isEmpty() && node.output(worker).size() == 2);
    start((call, sink) -> FakeModel.answer(sink, "successor"));
    gate.countDown();
    await().until(() -> node.hasEnded(worker, 1));
    await().until(zombie::isIdle);

    assertEquals("successor", node.transcript(worker).getLast().content());
    assertFalse(node.output(worker).stream().map(OutputRecord::payload)
        .anyMatch(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "speaks")::equals));
    assertEquals(1, node.output(worker).stream().map(OutputRecord::payload).filter(OutputPayload.End.class::isInstance)
        .count());
  }

  @Test
  @DisplayName("a cursor behind the end of its attempt is ahead, also when a later attempt is there")
  void cursorAhead() {
    TurnExecutor first = start((call, sink) -> {
      sink.delta(false, "begun");
      return FakeModel.hang();
    });
    WorkerId worker = node.worker();
    node.send(first, worker, "go");
    await().until(() -> !node.turns(worker).isEmpty() && node.output(worker).size() == 2);
    first.close();
    start((call, sink) -> FakeModel.answer(sink, "done"));
    await().until(() -> node.hasEnded(worker, 1));

    var feed = new OutputFeed(node.units, node.news);
    TurnId turn = node.turn(worker).id();
    for (String ahead : List.of("0.1", "1.3", "2.4", "3.1")) {
      assertEquals(Reason.CURSOR_AHEAD, assertInstanceOf(Outcome.Refused.class,
          feed.read(turn, Reach.ALL, OutputCursor.parse(ahead).orElseThrow(), 10)).reason(), ahead);
    }
    assertEquals(3, feed.read(turn, Reach.ALL, new OutputCursor(1, 2), 10).orThrow().records().size());
  }
}
