package dev.holdfast.domain.turns.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Turns that outlive many executors, as spec turns §5 and §19 want it of every backend. */
public abstract class AttemptsAcceptance extends KernelSuite {

  private static Owner start(int number) {
    return Owner.builtin("node-a", number);
  }

  private List<OutputPayload.AttemptStarted> started(Turn turn) {
    List<OutputPayload.AttemptStarted> started = new ArrayList<>();
    for (OutputRecord line : output(turn)) {
      if (line.payload() instanceof OutputPayload.AttemptStarted attempt) {
        started.add(attempt);
      }
    }
    return started;
  }

  private static OutputPayload.AttemptStarted handedOver(int attempt, @Nullable OutputCursor kept) {
    return new OutputPayload.AttemptStarted(
        attempt, kept, new OutputPayload.Previous(attempt - 1, "handed_over"));
  }

  @Test
  @DisplayName("T-A28 five graceful restarts during one turn with checkpoint commits: budget untouched, keep_until the last"
      + " checkpoint")
  void fiveRestarts() {
    WorkerId worker = worker();
    send(worker, "start");
    NextWork.Run run = take(worker, start(1));
    for (int restart = 1; restart <= 5; restart++) {
      append(run, 2, "text " + restart, "more");
      assertEquals(4, done(committing(checkpoint(run, 1, "step " + restart, List.of()))).lastOutputSeq());
      append(run, 5, "text that isn't kept");
      release(run.lease().fence());
      run = take(worker, start(restart + 1));
    }
    NextWork.Run last = run;

    nowAndAfterReopen(() -> {
      Turn turn = present(last.turn());
      assertEquals(0, turn.lostInARow());
      assertEquals(6, turn.attempts().size());
      assertEquals(List.of("handed_over", "handed_over", "handed_over", "handed_over", "handed_over"),
          turn.attempts().subList(0, 5).stream().map(Attempt::end)
              .map(end -> Objects.requireNonNull(end).by().text()).toList());
      assertEquals(List.of(new OutputPayload.AttemptStarted(1, null, null), handedOver(2, new OutputCursor(1, 4)),
          handedOver(3, new OutputCursor(2, 4)), handedOver(4, new OutputCursor(3, 4)),
          handedOver(5, new OutputCursor(4, 4)), handedOver(6, new OutputCursor(5, 4))), started(turn));
      assertEquals(List.of("start", "step 1", "step 2", "step 3", "step 4", "step 5"), context(turn));
      assertEquals(5, read(state -> state.session(worker)).headRevision());
      assertEquals(5, turn.usage().outputTokens());
    });
    done(committing(completing(last, "the end")));
    nowAndAfterReopen(() -> assertEquals(List.of("step 1", "step 2", "step 3", "step 4", "step 5", "the end"),
        read(state -> state.entriesOf(last.turn().id())).stream().map(entry -> entry.content()).toList()));
  }

  @Test
  @DisplayName("T-A28 (progress) three kills without progress: attempts_exhausted; a checkpoint commit begins the count anew")
  void kills() {
    WorkerId worker = worker();
    send(worker, "start");
    int node = 1;
    NextWork.Run run = take(worker, start(node));
    for (int round = 1; round <= 3; round++) {
      // Two kills, a hand-over between them, and then some progress before the next kill.
      run = take(worker, start(++node));
      release(run.lease().fence());
      run = take(worker, start(++node));
      run = take(worker, start(++node));
      done(committing(checkpoint(run, 1, "step " + round, List.of())));
      assertEquals(0, present(run.turn()).lostInARow());
    }
    take(worker, start(++node));
    assertEquals(0, present(run.turn()).lostInARow(), "the one that was killed had made progress");
    for (int kill = 1; kill <= 2; kill++) {
      take(worker, start(++node));
      assertEquals(kill, present(run.turn()).lostInARow());
    }
    NextWork.Settle settle = assertInstanceOf(NextWork.Settle.class, done(taking(worker, start(++node))));
    assertEquals(new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED), settle.outcome());
    done(committing(settle.commit(read(state -> state.session(worker)).checkpoint())));
    nowAndAfterReopen(() -> {
      assertInstanceOf(NextWork.None.class, done(taking(worker, HERE)));
      Turn ended = present(settle.turn());
      assertEquals(List.of(ended.lastAttempt()), ended.attempts().stream().filter(ended::isSettledBy).toList());
    });
  }

  @Test
  @DisplayName("T-A29 an attempt opened with zero deltas and killed is resumed")
  void killedBeforeTheFirstDelta() {
    WorkerId worker = worker();
    Input input = send(worker, "hello");
    NextWork.Run run = take(worker, HERE);

    NextWork.Run again = take(worker, HERE_AGAIN);

    nowAndAfterReopen(() -> {
      Turn turn = present(run.turn());
      assertEquals(2, turn.attempts().size());
      assertEquals(Attempt.EndedBy.LOST, Objects.requireNonNull(turn.attempts().getFirst().end()).by());
      assertTrue(turn.attempts().getLast().isLive());
      assertEquals(
          List.of(new OutputPayload.AttemptStarted(1, null, null),
              new OutputPayload.AttemptStarted(2, null, new OutputPayload.Previous(1, "lost"))),
          output(turn).stream().map(OutputRecord::payload).toList());
      assertEquals(new InputState.Bound(turn.id(), again.claim()), present(input).state());
    });
    append(again, 2, "an answer");
    done(committing(completing(again, "an answer")));
    assertTrue(!present(run.turn()).isOpen());
  }

  @Test
  @DisplayName("T-A29 (checkpoint) what a killed attempt had claimed at a checkpoint waits again, and the kept text stays")
  void killedBehindCheckpoint() {
    WorkerId worker = worker();
    send(worker, "start");
    NextWork.Run run = take(worker, start(1));
    append(run, 2, "kept");
    done(committing(checkpoint(run, 1, "step", List.of())));
    append(run, 4, "lost");
    NextWork.Run again = take(worker, start(2));

    nowAndAfterReopen(() -> assertEquals(new OutputPayload.AttemptStarted(2, new OutputCursor(1, 3),
        new OutputPayload.Previous(1, "lost")), started(again.turn()).getLast()));
  }
}
