package dev.holdfast.domain.turns.machines;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Attempt.EndedBy;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.CommitDraft;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec turns §5: a turn, by whoever holds its session; its holder names the first attempt. */
class TurnMachineTest extends MachineSuite {
  static final TransitionTable TABLE = TransitionTable.of("Turn", """
      * none
        next work: attempt 1 → open, live attempt
        append: turn_not_found
        checkpoint commit: turn_not_found
        terminal commit: turn_not_found
        terminal commit, other text: turn_not_found
        terminal commit, cancelled: turn_not_found
        terminal commit, deadline: turn_not_found
        new holder: done
        hand-over: done
        cancel request: turn_not_found
        30 min pass: done
      open, live attempt
        next work: attempt 1
        append: done
        checkpoint commit: done
        terminal commit: done → ended
        terminal commit, other text: done → ended
        terminal commit, cancelled: cancel_not_requested
        terminal commit, deadline: done → ended
        new holder: done → open, attempt lost
        hand-over: done → open, handed over
        cancel request: done → open, cancel requested
        30 min pass: done → open, past its deadline
      open, attempt lost
        next work: attempt 2 → open, live attempt
        append: attempt_superseded
        checkpoint commit: attempt_superseded
        terminal commit: attempt_superseded
        terminal commit, other text: attempt_superseded
        terminal commit, cancelled: attempt_superseded
        terminal commit, deadline: attempt_superseded
        new holder: done
        hand-over: done
        cancel request: done → open, cancel requested
        30 min pass: done → open, past its deadline
      open, handed over
        next work: attempt 2 → open, live attempt
        append: attempt_superseded
        checkpoint commit: attempt_superseded
        terminal commit: attempt_superseded
        terminal commit, other text: attempt_superseded
        terminal commit, cancelled: attempt_superseded
        terminal commit, deadline: attempt_superseded
        new holder: done
        hand-over: done
        cancel request: done → open, cancel requested
        30 min pass: done → open, past its deadline
      open, cancel requested
        next work: settle cancelled
        append: done
        checkpoint commit: done
        terminal commit: cancel_won
        terminal commit, other text: cancel_won
        terminal commit, cancelled: done → ended, cancelled
        terminal commit, deadline: cancel_won
        new holder: done
        hand-over: done
        cancel request: done
        30 min pass: done
      open, past its deadline
        next work: settle turn_deadline_exceeded
        append: turn_deadline_exceeded
        checkpoint commit: turn_deadline_exceeded
        terminal commit: turn_deadline_exceeded
        terminal commit, other text: turn_deadline_exceeded
        terminal commit, cancelled: cancel_not_requested
        terminal commit, deadline: done → ended
        new holder: done
        hand-over: done
        cancel request: done → open, cancel requested
        30 min pass: done
      ended
        next work: none
        append: turn_ended
        checkpoint commit: turn_ended
        terminal commit: replayed
        terminal commit, other text: turn_commit_conflict
        terminal commit, cancelled: turn_commit_conflict
        terminal commit, deadline: turn_commit_conflict
        new holder: done
        hand-over: done
        cancel request: completion_won
        30 min pass: done
      ended, cancelled
        next work: none
        append: turn_ended
        checkpoint commit: turn_ended
        terminal commit: turn_commit_conflict
        terminal commit, other text: turn_commit_conflict
        terminal commit, cancelled: replayed
        terminal commit, deadline: turn_commit_conflict
        new holder: done
        hand-over: done
        cancel request: done
        30 min pass: done
      """);

  private WorkerId session = new WorkerId(1);
  private @Nullable Fence held;
  private NextWork.@Nullable Run first;

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a turn, by its state and what happens to it")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    played(row);
  }

  @Override
  protected void arrange(String state) {
    session = worker();
    send(session, "start");
    held = acquire(session, AGENT);
    if (state.equals("none")) {
      return;
    }
    first = run(presentFence());
    switch (state) {
      case "open, attempt lost" -> newHolder();
      case "open, handed over" -> {
        release(presentFence());
        held = acquire(session, OTHER_AGENT);
      }
      case "open, cancel requested" -> done(cancelling(turn()));
      case "open, past its deadline" -> passHolding(presentFence(), TURN_LIMITS.turnDeadline());
      case "ended" -> done(committing(ending(new TurnOutcome.Completed(), "an answer")));
      case "ended, cancelled" -> {
        done(cancelling(turn()));
        done(committing(ending(new TurnOutcome.Cancelled(), "an answer")));
      }
      default -> {
        // It is open, and its attempt live.
      }
    }
  }

  /** Of whoever holds the session now, which the first attempt's holder need not. */
  private Fence presentFence() {
    return Objects.requireNonNull(held);
  }

  private TurnId turn() {
    return first == null ? new TurnId(9999) : first.turn().id();
  }

  private void newHolder() {
    pass(TURN_LIMITS.leaseTtl());
    held = acquire(session, presentFence().owner().equals(AGENT) ? OTHER_AGENT : AGENT);
  }

  @Override
  protected String state() {
    List<Turn> turns = read(state -> state.turns(session, 0, 10));
    if (turns.isEmpty()) {
      return "none";
    }
    Turn turn = turns.getFirst();
    if (turn.state() instanceof Turn.State.Ended(TurnOutcome outcome, _, _)) {
      return outcome instanceof TurnOutcome.Cancelled ? "ended, cancelled" : "ended";
    }
    if (turn.isCancelRequested()) {
      return "open, cancel requested";
    }
    if (turn.isPastDeadlineAt(now())) {
      return "open, past its deadline";
    }
    if (turn.lastAttempt().isLive()) {
      return "open, live attempt";
    }
    return Objects.requireNonNull(turn.lastAttempt().end()).by() == EndedBy.LOST
        ? "open, attempt lost"
        : "open, handed over";
  }

  @Override
  protected String play(String command) {
    List<OutputPayload> delta = List.of(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "x"));
    return switch (command) {
      case "next work" -> answer(write(next(presentFence(), null)), TurnMachineTest::text);
      case "append" ->
        answer(write(state -> AppendRules.append(state, presentFence(), turn(), 1, 2, delta, now())), _ -> "done");
      case "checkpoint commit" -> answer(write(committing(atCheckpoint())), _ -> "done");
      case "terminal commit" ->
        answer(write(committing(ending(new TurnOutcome.Completed(), "an answer"))), _ -> "done");
      case "terminal commit, other text" ->
        answer(write(committing(ending(new TurnOutcome.Completed(), "another"))), _ -> "done");
      case "terminal commit, cancelled" ->
        answer(write(committing(ending(new TurnOutcome.Cancelled(), "an answer"))), _ -> "done");
      case "terminal commit, deadline" -> answer(
          write(committing(ending(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED), "an answer"))), _ -> "done");
      case "30 min pass" -> {
        pass(TURN_LIMITS.turnDeadline());
        yield "done";
      }
      case "new holder" -> {
        newHolder();
        yield "done";
      }
      case "hand-over" -> release(presentFence()) ? "done" : "no effect";
      case "cancel request" -> answer(write(cancelling(turn())), _ -> "done");
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static String text(NextWork work) {
    return switch (work) {
      case NextWork.None() -> "none";
      case NextWork.Apply _ -> "command";
      case NextWork.Run run -> "attempt " + run.turn().lastAttempt().number();
      case NextWork.Settle settle -> {
        var reason = settle.outcome().reason();
        yield "settle " + (reason == null ? settle.outcome().text() : reason.code());
      }
    };
  }

  private TurnCommit atCheckpoint() {
    var subject = new TurnCommit.Subject.AtCheckpoint(turn(), 1, 1);
    TurnCommit end = ending(new TurnOutcome.Completed(), "step");
    return new TurnCommit(presentFence(), null, subject, end.entries(), end.checkpoint(), end.usage(), List.of(), null,
        null,
        false, null);
  }

  /** The end of the first attempt, under whatever lease there is, which it keeps. */
  private TurnCommit ending(TurnOutcome outcome, String text) {
    if (first == null) {
      var subject = new TurnCommit.Subject.Terminal(turn(), 1, outcome);
      TurnCommit none = ofSession(presentFence(), List.of(), false);
      return new TurnCommit(presentFence(), null, subject, List.of(), none.checkpoint(), none.usage(), List.of(), null,
          null,
          false, null);
    }
    var draft = new CommitDraft(completing(first, text));
    draft.fence = presentFence();
    draft.outcome = outcome;
    draft.release = false;
    return draft.build();
  }
}
