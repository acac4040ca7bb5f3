package dev.holdfast.domain.turns.machines;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.CommitDraft;
import dev.holdfast.domain.turns.commits.TurnCommit;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec turns §10: the request to cancel a turn that has a holder. */
class CancelMachineTest extends MachineSuite {
  static final TransitionTable TABLE = TransitionTable.of("Cancel of a turn", """
      * not asked
        request: done → requested
        holder is told: nothing to tell
        holder acknowledges: cancel_not_requested
        checkpoint commit: done
        turn completes: done → completion won
        turn ends cancelled: cancel_not_requested
        30 s pass: done
        holder is gone, node looks: resumed
      requested
        request: done
        holder is told: told → delivered
        holder acknowledges: done → acknowledged
        checkpoint commit: done → delivered
        turn completes: cancel_won
        turn ends cancelled: done → released
        30 s pass: done → overdue
        holder is gone, node looks: settled → released
      delivered
        request: done
        holder is told: told
        holder acknowledges: done → acknowledged
        checkpoint commit: done
        turn completes: cancel_won
        turn ends cancelled: done → released
        30 s pass: done → overdue
        holder is gone, node looks: settled → released
      acknowledged
        request: done
        holder is told: told
        holder acknowledges: done
        checkpoint commit: done
        turn completes: cancel_won
        turn ends cancelled: done → released
        30 s pass: done → overdue
        holder is gone, node looks: settled → released
      overdue
        request: done
        holder is told: cancel_overdue
        holder acknowledges: done
        checkpoint commit: cancel_overdue
        turn completes: cancel_won
        turn ends cancelled: done → released
        30 s pass: done
        holder is gone, node looks: settled → released
      released
        request: done
        holder is told: nothing to tell
        holder acknowledges: done
        checkpoint commit: turn_ended
        turn completes: turn_commit_conflict
        turn ends cancelled: replayed
        30 s pass: done
        holder is gone, node looks: nothing
      completion won
        request: completion_won
        holder is told: nothing to tell
        holder acknowledges: turn_ended
        checkpoint commit: turn_ended
        turn completes: replayed
        turn ends cancelled: turn_commit_conflict
        30 s pass: done
        holder is gone, node looks: nothing
      """);

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a request to cancel, by its stage and what happens")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    played(row);
  }

  @Override
  protected void arrange(String state) {
    WorkerId session = worker();
    send(session, "start");
    begun(take(session, AGENT));
    switch (state) {
      case "requested" -> play("request");
      case "delivered" -> playAll("request", "holder is told");
      case "acknowledged" -> playAll("request", "holder acknowledges");
      case "overdue" -> playAll("request", "30 s pass");
      case "released" -> playAll("request", "turn ends cancelled");
      case "completion won" -> play("turn completes");
      default -> {
        // Nobody has asked yet.
      }
    }
  }

  private void playAll(String... commands) {
    for (String command : commands) {
      play(command);
    }
  }

  @Override
  protected String state() {
    Turn turn = present(run().turn());
    Cancel cancel = turn.cancel();
    if (cancel == null) {
      return turn.isOpen() ? "not asked" : "completion won";
    }
    return cancel.isOverdueAt(now()) ? "overdue" : cancel.stage().text();
  }

  @Override
  protected String play(String command) {
    return switch (command) {
      case "request" -> answer(write(cancelling(run().turn().id())), _ -> "done");
      case "holder is told" -> renewed();
      case "holder acknowledges" -> answer(
          write(state -> CancelRules.acknowledge(state, fence(), run().turn().id(), now())), _ -> "done");
      case "checkpoint commit" -> {
        int next = present(run().turn()).lastAttempt().commits() + 1;
        yield answer(write(committing(checkpoint(run(), next, "step", List.of()))), _ -> "done");
      }
      case "turn completes" -> answer(write(committing(ending(new TurnOutcome.Completed()))), _ -> "done");
      case "turn ends cancelled" -> answer(write(committing(ending(new TurnOutcome.Cancelled()))), _ -> "done");
      case "30 s pass" -> {
        pass(Duration.ofSeconds(15));
        renewed();
        pass(Duration.ofSeconds(15));
        yield "done";
      }
      case "holder is gone, node looks" -> looked();
      default -> throw new IllegalArgumentException(command);
    };
  }

  private String renewed() {
    return answer(write(state -> SessionRules.renew(state, fence(), TURN_LIMITS.leaseTtl(), now())),
        renewed -> renewed.cancel() == null ? "nothing to tell" : "told");
  }

  private String looked() {
    pass(TURN_LIMITS.leaseTtl());
    return answer(write(taking(run().turn().session(), HERE)), work -> switch (work) {
      case NextWork.Settle settle -> {
        done(committing(settle.commit(read(state -> state.session(run().turn().session())).checkpoint())));
        yield "settled";
      }
      case NextWork.Run _ -> "resumed";
      case NextWork.None _,NextWork.Apply _ -> "nothing";
    });
  }

  private TurnCommit ending(TurnOutcome outcome) {
    var draft = new CommitDraft(completing(run(), "an answer"));
    draft.outcome = outcome;
    draft.release = false;
    return draft.build();
  }
}
