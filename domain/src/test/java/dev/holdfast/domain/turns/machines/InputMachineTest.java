package dev.holdfast.domain.turns.machines;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.cancels.InputCancels;
import dev.holdfast.domain.turns.cancels.InputCancels.Result;
import dev.holdfast.domain.turns.cancels.InputCancels.Target;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec turns §4: the input, in a session whose turn is open. */
class InputMachineTest extends MachineSuite {
  static final TransitionTable TABLE = TransitionTable.of("Input", """
      none
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: not taken
        cancel: input_not_found
        cancel with cascade: input_not_found
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done
        turn ends: done
        new generation: done
        worker stops: done
      * pending_active
        checkpoint after_work: taken → accepted
        checkpoint before_completion: taken → accepted
        claim for the next turn: not taken
        cancel: cancelled → cancelled
        cancel with cascade: cancelled → cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done → deferred
        turn ends: done → deferred
        new generation: done
        worker stops: done → cancelled
      * pending_active, before_completion
        checkpoint after_work: not taken
        checkpoint before_completion: taken → accepted
        claim for the next turn: not taken
        cancel: cancelled → cancelled
        cancel with cascade: cancelled → cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done → deferred
        turn ends: done → deferred
        new generation: done
        worker stops: done → cancelled
      * deferred
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: taken → deferred, claimed
        cancel: cancelled → cancelled
        cancel with cascade: cancelled → cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done
        turn ends: done
        new generation: done
        worker stops: done → cancelled
      deferred, claimed
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: not taken
        cancel: already_claimed
        cancel with cascade: already_claimed
        checkpoint commit completes it: done → completed
        abandon: given back → deferred
        checkpoint commit interrupts the turn: done
        turn ends: unsettled_claim
        new generation: done → deferred
        worker stops: done
      deferred, claim dead
        checkpoint after_work: lease_expired
        checkpoint before_completion: lease_expired
        claim for the next turn: lease_expired
        cancel: cancelled → cancelled
        cancel with cascade: cancelled → cancelled
        checkpoint commit completes it: lease_expired
        abandon: given back → deferred
        checkpoint commit interrupts the turn: lease_expired
        turn ends: lease_expired
        new generation: done → deferred
        worker stops: done
      deferred, bound
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: not taken
        cancel: already_claimed
        cancel with cascade: turn asked
        checkpoint commit completes it: unsettled_claim
        abandon: no effect
        checkpoint commit interrupts the turn: done
        turn ends: done → completed
        new generation: done
        worker stops: done
      accepted
        checkpoint after_work: again
        checkpoint before_completion: again
        claim for the next turn: not taken
        cancel: already_claimed
        cancel with cascade: turn asked
        checkpoint commit completes it: done → completed
        abandon: given back → pending_active
        checkpoint commit interrupts the turn: done
        turn ends: unsettled_claim
        new generation: done → deferred
        worker stops: done
      completed
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: not taken
        cancel: already_completed
        cancel with cascade: already_completed
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done
        turn ends: done
        new generation: done
        worker stops: done
      cancelled
        checkpoint after_work: not taken
        checkpoint before_completion: not taken
        claim for the next turn: not taken
        cancel: already_cancelled
        cancel with cascade: already_cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        checkpoint commit interrupts the turn: done
        turn ends: done
        new generation: done
        worker stops: done
      """);

  private WorkerId session = new WorkerId(1);
  private @Nullable Input subject;

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("an input, by its state and what happens to it")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    played(row);
  }

  @Override
  protected void arrange(String state) {
    session = worker();
    if (state.equals("completed")) {
      subject = send(session, "completed");
      runTurn(session, "an answer");
    }
    Input start = send(session, "start");
    begun(take(session, AGENT));
    switch (state) {
      case "pending_active" -> subject = steer(session, "it", Boundary.AFTER_WORK);
      case "pending_active, before_completion" -> subject = steer(session, "it", Boundary.BEFORE_COMPLETION);
      case "deferred" -> subject = send(session, "it");
      case "deferred, claimed", "deferred, claim dead" -> {
        subject = send(session, "it");
        done(claimingInputs(fence(), 10));
        pass(state.endsWith("dead") ? TURN_LIMITS.leaseTtl() : Duration.ZERO);
      }
      case "deferred, bound" -> subject = start;
      case "accepted" -> {
        subject = steer(session, "it", Boundary.AFTER_WORK);
        atCheckpoint(run(), Boundary.AFTER_WORK);
      }
      case "cancelled" -> {
        subject = steer(session, "it", Boundary.AFTER_WORK);
        write(cancelling(false));
      }
      default -> {
        // Either there is none, or it was completed above.
      }
    }
  }

  private InputId id() {
    return subject == null ? new InputId(9999) : subject.id();
  }

  @Override
  protected String state() {
    if (subject == null) {
      return "none";
    }
    return switch (present(subject).state()) {
      case InputState.Pending(_, Boundary earliest) ->
        earliest == Boundary.AFTER_WORK ? "pending_active" : "pending_active, before_completion";
      case InputState.Deferred() -> "deferred";
      case InputState.Claimed _ ->
        held(session).isLiveAt(now()) ? "deferred, claimed" : "deferred, claim dead";
      case InputState.Bound _ -> "deferred, bound";
      case InputState.Accepted _ -> "accepted";
      case InputState.Completed _ -> "completed";
      case InputState.Cancelled() -> "cancelled";
    };
  }

  @Override
  protected String play(String command) {
    boolean before = state().equals("accepted");
    return switch (command) {
      case "checkpoint after_work" -> atCheckpoint(Boundary.AFTER_WORK, before);
      case "checkpoint before_completion" -> atCheckpoint(Boundary.BEFORE_COMPLETION, before);
      case "claim for the next turn" -> answer(write(claimingInputs(fence(), 10)),
          claimed -> taken(claimed.map(some -> some.items()).orElse(List.of())));
      case "cancel" -> answer(write(cancelling(false)), InputMachineTest::text);
      case "cancel with cascade" -> answer(write(cancelling(true)), InputMachineTest::text);
      case "checkpoint commit completes it" -> answer(write(committing(checkpoint(run(), 1, "step",
          List.of(new Completion.OfInputs(claim().id(), claim().token(), List.of(id())))))), _ -> "done");
      case "abandon" ->
        abandon(fence(), claim().id(), claim().token()) == 1 ? "given back" : "no effect";
      case "checkpoint commit interrupts the turn" -> answer(write(interrupting()), _ -> "done");
      case "turn ends" -> answer(write(committing(completing(run(), "an answer"))), _ -> "done");
      case "new generation" -> newGeneration();
      case "worker stops" -> {
        end(session, Ending.STOP);
        yield "done";
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  private String newGeneration() {
    pass(TURN_LIMITS.leaseTtl());
    Claimant by = claimant(OTHER_AGENT);
    return answer(write(state -> SessionRules.acquire(state, session, by, now())), _ -> "done");
  }

  private Claim claim() {
    Claim claim = subject == null ? null : present(subject).state().claim();
    return claim == null ? new Claim("inc:9:9", "no token", 1, START) : claim;
  }

  private String atCheckpoint(Boundary kind, boolean before) {
    return answer(write(checkpointing(run(), kind)), taken -> {
      String answer = taken(taken.inputs() == null ? List.of() : taken.inputs().items());
      return before && answer.equals("taken") ? "again" : answer;
    });
  }

  private String taken(List<Input> inputs) {
    return inputs.stream().anyMatch(input -> input.id().equals(id())) ? "taken" : "not taken";
  }

  private Rule<Result> cancelling(boolean cascade) {
    return state -> InputCancels.cancel(state, Sender.to(session), new Target.ById(id()), cascade, now());
  }

  private static String text(Result result) {
    return switch (result) {
      case Result.Cancelled _ -> "cancelled";
      case Result.AlreadyCancelled _ -> "already_cancelled";
      case Result.TurnAsked _ -> "turn asked";
      case Result.AlreadyClaimed _,Result.AlreadyCompleted _,Result.NotFound _ ->
        throw new AssertionError("not refused");
    };
  }

  private Rule<Stamp.Result> interrupting() {
    TurnCommit commit = checkpoint(run(), 1, "step", List.of());
    TurnId turn = run().turn().id();
    return committing(new TurnCommit(commit.fence(), null, commit.subject(), commit.entries(), commit.checkpoint(),
        commit.usage(), List.of(), turn, null, false, null));
  }
}
