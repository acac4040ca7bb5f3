package dev.holdfast.domain.turns.inputs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.claims.ClaimRules.AtCheckpoint;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Inputs for a turn that runs, and its checkpoints, as spec turns §19 wants them of every backend. */
public abstract class ActiveInputsAcceptance extends KernelSuite {

  private NextWork.Run running() {
    WorkerId worker = worker();
    send(worker, "start");
    return take(worker, HERE);
  }

  private static List<String> contents(AtCheckpoint taken) {
    return taken.inputs() == null ? List.of() : taken.inputs().items().stream().map(Input::content).toList();
  }

  private Rule<InputAck> sending(WorkerId worker, InputDraft draft) {
    return state -> InputRules.accept(state, Sender.to(worker), draft, LIMITS, now());
  }

  private static TurnCommit interrupting(TurnCommit commit, TurnId turn) {
    return new TurnCommit(commit.fence(), null, commit.subject(), commit.entries(), commit.checkpoint(), commit.usage(),
        commit.completed(), turn, null, commit.release(), null);
  }

  /** The data of the session's newest event of a name. */
  private Json told(WorkerId worker, EventName name) {
    return read(state -> state.events(1, 1000, worker)).reversed().stream().filter(event -> event.name() == name)
        .findFirst().orElseThrow().data();
  }

  @Test
  @DisplayName("T-A22 before_completion not claimed at after_work; next_turn never at a checkpoint")
  void boundaries() {
    NextWork.Run run = running();
    WorkerId worker = run.turn().session();
    steer(worker, "late", Boundary.BEFORE_COMPLETION);
    steer(worker, "early", Boundary.AFTER_WORK);
    Input next = send(worker, "next");

    nowAndAfterReopen(() -> assertEquals(List.of("early"), contents(atCheckpoint(run, Boundary.AFTER_WORK))));
    AtCheckpoint early = atCheckpoint(run, Boundary.BEFORE_COMPLETION);
    assertEquals(List.of("early"), contents(early), "what is open comes first");
    done(committing(checkpoint(run, 1, "step", early.completions())));
    nowAndAfterReopen(() -> assertTrue(atCheckpoint(run, Boundary.AFTER_WORK).isEmpty()));
    AtCheckpoint late = atCheckpoint(run, Boundary.BEFORE_COMPLETION);
    assertEquals(List.of("late"), contents(late));
    done(committing(checkpoint(run, 2, "another", late.completions())));
    nowAndAfterReopen(() -> {
      assertTrue(atCheckpoint(run, Boundary.BEFORE_COMPLETION).isEmpty());
      assertEquals(new InputState.Deferred(), present(next).state());
      assertEquals(List.of("start", "step", "early", "another", "late"), context(run.turn()));
    });
  }

  @Test
  @DisplayName("T-A22 (deferral) only once; exact replay of a deferred input is no conflict")
  void deferredOnce() {
    NextWork.Run run = running();
    WorkerId worker = run.turn().session();
    TurnId turn = run.turn().id();
    InputDraft draft = steering(turn, "steer", Boundary.BEFORE_COMPLETION).withKey("key");
    Input first = send(worker, draft);
    assertEquals(new InputState.Pending(turn, Boundary.BEFORE_COMPLETION), first.state());
    done(committing(interrupting(checkpoint(run, 1, "one", List.of()), turn)));

    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Deferred(), present(first).state());
      assertEquals(new Outcome.Replayed<>(present(first)), write(sending(worker, draft)).map(InputAck::input));
      refused(Reason.SOURCE_KEY_CONFLICT, sending(worker, InputDraft.user("steer").withKey("key")));
      assertTrue(atCheckpoint(run, Boundary.BEFORE_COMPLETION).isEmpty());
    });
    // The turn runs on, so what comes then waits for it again, and is deferred by its end.
    Input second = steer(worker, "again", Boundary.AFTER_WORK);
    assertEquals("pending_active", second.state().text());
    done(committing(completing(run, "end")));
    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Deferred(), present(second).state());
      assertEquals(List.of(second.id().value()), told(worker, EventName.TURN_COMPLETED).members().get("deferred"));
      assertEquals(2, read(state -> state.workQueue(worker)).pendingInputs());
    });
    NextWork.Run next = take(worker, HERE);
    assertEquals(List.of(first.id(), second.id()), next.turn().inputs());
    done(committing(interrupting(checkpoint(next, 1, "two", List.of()), turn)));
    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Bound(next.turn().id(), next.claim()), present(first).state());
      assertEquals(0, read(state -> state.workQueue(worker)).pendingInputs());
      assertEquals(new Outcome.Replayed<>(present(first)), write(sending(worker, draft)).map(InputAck::input));
    });
  }

  @Test
  @DisplayName("T-A19 (inputs) 100 inputs of other turns don't hide this turn's")
  void othersHideNothing() {
    WorkerId worker = worker();
    List<Input> others = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      others.add(send(worker, "other " + i));
    }
    send(worker, "start");
    for (int turns = 0; turns < 2; turns++) {
      runTurn(worker, "an answer");
    }
    Turn ended = read(state -> state.turns(worker, 0, 1)).getFirst();
    // No rule leaves inputs behind that wait for a turn that has ended; a store has to step over them all the same.
    others.forEach(input -> put(
        new InputChange.Moved(present(input).in(new InputState.Pending(ended.id(), Boundary.AFTER_WORK)))));
    send(worker, "start");
    NextWork.Run run = take(worker, HERE);
    for (int i = 1; i <= 100; i++) {
      send(worker, "next " + i);
    }
    steer(worker, "mine", Boundary.AFTER_WORK);

    nowAndAfterReopen(() -> assertEquals(List.of("mine"),
        read(state -> state.activeInputs(worker, run.turn().id(), Boundary.AFTER_WORK, 1)).stream()
            .map(Input::content).toList()));
    assertEquals(List.of("mine"), contents(atCheckpoint(run, Boundary.AFTER_WORK)));
    Claimed<Input> next = done(claimingInputs(run.lease().fence(), 1)).orElseThrow();
    assertEquals("next 1", next.items().getFirst().content());
  }

  @Test
  @DisplayName("T-A24 accepted under an old generation: deferred_next_turn at acquire")
  void oldGeneration() {
    NextWork.Run run = running();
    WorkerId worker = run.turn().session();
    Input accepted = steer(worker, "accepted", Boundary.AFTER_WORK);
    Batch wake = wake(worker, "a letter came");
    AtCheckpoint taken = atCheckpoint(run, Boundary.AFTER_WORK);
    Input pending = steer(worker, "pending", Boundary.BEFORE_COMPLETION);
    assertEquals(1, read(state -> state.workQueue(worker)).pendingInputs());
    pass(TURN_LIMITS.leaseTtl());
    assertEquals("accepted", present(accepted).state().text(), "until somebody takes the session");

    Fence fence = acquire(worker, AGENT);

    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Deferred(), present(accepted).state());
      assertEquals(run.turn().id(), present(pending).state().turn());
      assertEquals(2, read(state -> state.workQueue(worker)).pendingInputs());
      assertEquals(accepted.submittedIngress(), present(accepted).submittedIngress());
      assertEquals(Json.object("turn_id", run.turn().id().value(), "attempt", 1, "why", "lease_expired", "deferred",
          List.of(accepted.id().value())), told(worker, EventName.TURN_ATTEMPT_LOST));
    });
    NextWork.Run again = run(fence);
    refused(Reason.CLAIM_SUPERSEDED,
        committing(checkpoint(again, 1, "step", List.of(inputs(Objects.requireNonNull(taken.inputs()))))));
    AtCheckpoint anew = atCheckpoint(again, Boundary.BEFORE_COMPLETION);
    assertEquals(List.of("pending"), contents(anew));
    assertEquals(wake.id(), Objects.requireNonNull(anew.batches()).items().getFirst().id());
    done(committing(checkpoint(again, 1, "step", anew.completions())));
    done(committing(completing(again, "end")));
    assertEquals(List.of(accepted.id()), take(worker, HERE).turn().inputs());
  }

  @Test
  @DisplayName("T-A24 (next turn) a claim for a next turn dies with its generation, too, and is given back at acquire")
  void oldClaim() {
    WorkerId worker = worker();
    Input input = send(worker, "hello");
    Fence fence = acquire(worker, AGENT);
    Claimed<Input> claimed = done(claimingInputs(fence, 10)).orElseThrow();
    assertEquals(Optional.empty(), done(claimingInputs(fence, 10)));
    nowAndAfterReopen(() -> assertEquals(List.of(), read(state -> state.pendingInputs(worker, 10))));
    pass(TURN_LIMITS.leaseTtl());

    Fence later = acquire(worker, AGENT);
    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Deferred(), present(input).state());
      assertEquals(1, read(state -> state.workQueue(worker)).pendingInputs());
    });
    refused(Reason.CLAIM_SUPERSEDED, committing(ofSession(later, List.of(inputs(claimed)), true)));
  }

  @Test
  @DisplayName("a turn that has ended or isn't there takes no steering: the next one does (T-41)")
  void ended() {
    WorkerId worker = worker();
    refused(Reason.TURN_NOT_FOUND, sending(worker, steering(new TurnId(999), "x", Boundary.AFTER_WORK)));
    assertEquals(new InputState.Deferred(), steer(worker, "nothing runs", Boundary.AFTER_WORK).state());
    NextWork.Run run = runTurn(worker, "an answer");
    Input late = send(worker, steering(run.turn().id(), "late", Boundary.AFTER_WORK));
    nowAndAfterReopen(() -> {
      assertEquals(new InputState.Deferred(), present(late).state());
      assertEquals(new Ingress.ActiveTurn(run.turn().id(), Boundary.AFTER_WORK), present(late).submittedIngress());
    });
    WorkerId other = worker();
    refused(Reason.TURN_NOT_FOUND, sending(other, steering(run.turn().id(), "x", Boundary.AFTER_WORK)));
  }

  @Test
  @DisplayName("a checkpoint takes inputs before wakes, answers the same again, and its commit tells what came in (T-66, T-67)")
  void checkpoints() {
    NextWork.Run run = running();
    WorkerId worker = run.turn().session();
    wake(worker, "a letter came");
    steer(worker, "steer", Boundary.AFTER_WORK);
    AtCheckpoint taken = atCheckpoint(run, Boundary.AFTER_WORK);
    nowAndAfterReopen(() -> assertEquals(taken, atCheckpoint(run, Boundary.AFTER_WORK)));
    assertEquals(1, Objects.requireNonNull(taken.batches()).items().size());
    List<String> withHeld = List.of("start", "steer", "Wake from mail (origin.wake): a letter came");
    nowAndAfterReopen(() -> assertEquals(withHeld, context(run.turn())));
    refused(Reason.UNSETTLED_CLAIM, committing(completing(run, "end")));

    Stamp.Result result = done(committing(checkpoint(run, 1, "step", taken.completions())));

    nowAndAfterReopen(() -> {
      assertEquals(3, result.lastOutputSeq());
      assertEquals(List.of(new OutputPayload.AttemptStarted(1, null, null),
          new OutputPayload.InputAdmitted(Objects.requireNonNull(taken.inputs()).items().getFirst().id()),
          new OutputPayload.Checkpoint(1)), output(run.turn()).stream().map(OutputRecord::payload).toList());
      assertEquals(List.of("start", "step", "steer", "Wake from mail (origin.wake): a letter came"),
          context(run.turn()));
      assertEquals(1, present(run.turn()).lastAttempt().commits());
      assertEquals(0, read(state -> state.workQueue(worker)).queuedWork());
    });
    done(committing(completing(run, "end")));
    nowAndAfterReopen(() -> assertInstanceOf(NextWork.None.class, done(taking(worker, HERE))));
  }

  @Test
  @DisplayName("what was claimed when its worker was stopped is cancelled when the claim ends without a commit")
  void stoppedWhileClaimed() {
    for (boolean abandoned : List.of(true, false)) {
      NextWork.Run run = running();
      WorkerId worker = run.turn().session();
      Input input = steer(worker, "steer", Boundary.AFTER_WORK);
      Batch wake = wake(worker, "wake");
      AtCheckpoint taken = atCheckpoint(run, Boundary.AFTER_WORK);
      end(worker, LifecycleRules.Ending.STOP);
      assertInstanceOf(InputState.Accepted.class, present(input).state());

      if (abandoned) {
        Claim inputs = Objects.requireNonNull(taken.inputs()).claim();
        Claim wakes = Objects.requireNonNull(taken.batches()).claim();
        abandon(run.lease().fence(), inputs.id(), inputs.token());
        abandon(run.lease().fence(), wakes.id(), wakes.token());
      } else {
        take(worker, HERE_AGAIN);
      }

      nowAndAfterReopen(() -> {
        assertEquals(new InputState.Cancelled(), present(input).state());
        assertEquals(new BatchState.Cancelled(), present(wake).state());
        assertEquals(0, read(state -> state.workQueue(worker)).pendingInputs());
        assertEquals(0, read(state -> state.workQueue(worker)).queuedWork());
      });
    }
  }
}
