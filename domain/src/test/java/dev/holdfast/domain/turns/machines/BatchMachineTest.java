package dev.holdfast.domain.turns.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.QueueRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Spec turns §3: a batch with one wake, in a session whose turn is open; the only one in its queue. */
class BatchMachineTest extends MachineSuite {
  static final TransitionTable TABLE = TransitionTable.of("Batch of queued work", """
      none
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: batch_not_found
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        turn ends: done
        new generation: done
        worker stops: done
        time passes: done
      * waiting, for later
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: done → cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        turn ends: done
        new generation: done
        worker stops: done → cancelled
        time passes: done → waiting
      * waiting
        claim at idle: taken → claimed
        claim by its id: taken → claimed
        claim at a checkpoint: taken → claimed at a checkpoint
        cancel: done → cancelled
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        turn ends: done
        new generation: done
        worker stops: done → cancelled
        time passes: done
      claimed
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: batch_claimed
        checkpoint commit completes it: done → completed
        abandon: given back → waiting
        turn ends: unsettled_claim
        new generation: done → waiting
        worker stops: done
        time passes: done
      claimed at a checkpoint
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: batch_claimed
        checkpoint commit completes it: done → completed
        abandon: given back → waiting
        turn ends: unsettled_claim
        new generation: done → waiting
        worker stops: done
        time passes: done
      bound to a turn
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: batch_claimed
        checkpoint commit completes it: unsettled_claim
        abandon: no effect
        turn ends: done → completed
        new generation: done
        worker stops: done
        time passes: done
      completed
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: done
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        turn ends: done
        new generation: done
        worker stops: done
        time passes: done
      cancelled
        claim at idle: not taken
        claim by its id: not taken
        claim at a checkpoint: not taken
        cancel: done
        checkpoint commit completes it: claim_superseded
        abandon: no effect
        turn ends: done
        new generation: done
        worker stops: done
        time passes: done
      """);

  private static final Duration LATER = Duration.ofSeconds(5);

  private WorkerId session = new WorkerId(1);
  private @Nullable Batch subject;

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @Test
  @DisplayName("the table has every state and every command, once")
  void whole() {
    TABLE.assertWhole();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("a batch, by its state and what happens to it")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    played(row);
  }

  @Override
  protected void arrange(String state) {
    session = worker();
    if (state.equals("completed") || state.equals("bound to a turn")) {
      subject = wake(session, "a letter came");
      begun(take(session, AGENT));
    }
    if (state.equals("completed")) {
      done(committing(completing(run(), "read")));
    }
    if (!state.equals("bound to a turn")) {
      send(session, "start");
      begun(take(session, AGENT));
    }
    switch (state) {
      case "waiting, for later" ->
        subject = done(enqueueing(session, wakeDraft("a letter came", null, now().plus(LATER))));
      case "waiting" -> subject = wake(session, "a letter came");
      case "claimed" -> {
        subject = wake(session, "a letter came");
        done(claimingTurnWork(fence(), null, 10));
      }
      case "claimed at a checkpoint" -> {
        subject = wake(session, "a letter came");
        done(claimingTurnWork(fence(), run().turn().id(), 10));
      }
      case "cancelled" -> {
        subject = wake(session, "a letter came");
        done(s -> QueueRules.cancel(s, Sender.to(session), id(), now()));
      }
      default -> {
        // There is none, or it came first.
      }
    }
  }

  private BatchId id() {
    return subject == null ? new BatchId(9999) : subject.id();
  }

  @Override
  protected String state() {
    if (subject == null) {
      return "none";
    }
    Batch batch = present(subject);
    long live = read(state -> state.lease(session)).liveGeneration(now());
    return switch (batch.state()) {
      case BatchState.Waiting() -> batch.availableAt().isAfter(now()) ? "waiting, for later" : "waiting";
      case BatchState.Claimed(Claim claim, var checkpointOf) -> {
        if (claim.generation() != live) {
          assertEquals(List.of(batch), read(state -> state.readyBatches(session, now(), live, 10)));
          yield "waiting";
        }
        yield checkpointOf == null ? "claimed" : "claimed at a checkpoint";
      }
      case BatchState.Bound _ -> "bound to a turn";
      case BatchState.Completed _ -> "completed";
      case BatchState.Cancelled() -> "cancelled";
    };
  }

  @Override
  protected String play(String command) {
    return switch (command) {
      case "claim at idle" -> answer(write(claimingTurnWork(fence(), null, 10)), BatchMachineTest::taken);
      case "claim by its id" -> answer(write(claimingIds(fence(), id())), BatchMachineTest::taken);
      case "claim at a checkpoint" ->
        answer(write(claimingTurnWork(fence(), run().turn().id(), 10)), BatchMachineTest::taken);
      case "cancel" -> answer(write(state -> QueueRules.cancel(state, Sender.to(session), id(), now())), _ -> "done");
      case "checkpoint commit completes it" -> answer(write(committing(checkpoint(run(), 1, "step",
          List.of(new Completion.OfBatches(claim().id(), claim().token(), List.of(id())))))), _ -> "done");
      case "abandon" -> abandon(fence(), claim().id(), claim().token()) == 1 ? "given back" : "no effect";
      case "turn ends" -> answer(write(committing(completing(run(), "an answer"))), _ -> "done");
      case "new generation" -> newGeneration();
      case "worker stops" -> {
        end(session, Ending.STOP);
        yield "done";
      }
      case "time passes" -> {
        pass(LATER);
        yield "done";
      }
      default -> throw new IllegalArgumentException(command);
    };
  }

  private String newGeneration() {
    Fence before = fence();
    release(before);
    Claimant by = claimant(OTHER_AGENT);
    assertInstanceOf(Outcome.Done.class,
        write(state -> SessionRules.acquire(state, session, by, now())));
    return "done";
  }

  private Claim claim() {
    Claim claim = subject == null ? null : present(subject).state().claim();
    return claim == null ? new Claim("qwc:9:9", "no token", 1, START) : claim;
  }

  private static String taken(Optional<Claimed<Batch>> claimed) {
    return claimed.isPresent() ? "taken" : "not taken";
  }
}
