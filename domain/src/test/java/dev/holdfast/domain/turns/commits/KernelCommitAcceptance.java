package dev.holdfast.domain.turns.commits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.ClaimRules.AtCheckpoint;
import dev.holdfast.domain.turns.claims.ClaimRules.Claimed;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.TurnCommit.Subject;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Commits of checkpoints and of queued work, as spec turns §8 and §19 want them of every backend. */
public abstract class KernelCommitAcceptance extends KernelSuite {

  /** A turn with an input and a wake taken at a checkpoint, and another of each waiting. */
  private record Scene(NextWork.Run run, AtCheckpoint taken) {
    WorkerId session() {
      return run.turn().session();
    }

    Fence fence() {
      return run.lease().fence();
    }

    Claimed<Batch> wakes() {
      return Objects.requireNonNull(taken.batches());
    }

    /** All that the turn's end has to complete. */
    List<Completion> everything() {
      var all = new ArrayList<>(run.completion());
      all.addAll(taken.completions());
      return all;
    }

    TurnCommit checkpoint(List<Completion> completed) {
      return KernelCommitAcceptance.checkpoint(run, 1, "step", completed);
    }

    TurnCommit end(List<Completion> completed) {
      TurnCommit end = completing(run, "an answer");
      return new TurnCommit(end.fence(), null, end.subject(), end.entries(), end.checkpoint(), end.usage(), completed,
          null, null, true, null);
    }
  }

  private Scene scene() {
    WorkerId worker = worker();
    send(worker, "start");
    NextWork.Run run = take(worker, AGENT);
    append(run, 2, "an", " answer");
    steer(worker, "steer", Boundary.AFTER_WORK);
    wake(worker, "a letter came");
    AtCheckpoint taken = atCheckpoint(run, Boundary.AFTER_WORK);
    wake(worker, "another came");
    steer(worker, "too late", Boundary.BEFORE_COMPLETION);
    return new Scene(run, taken);
  }

  private Map<String, Object> refusedAlone(Reason reason, TurnCommit commit) {
    return refused(reason, committing(commit)).facts();
  }

  private static TurnCommit with(TurnCommit commit, Fence fence, Subject subject, @Nullable Long head,
      @Nullable Long lastOutputSeq) {
    return new TurnCommit(fence, head, subject, commit.entries(), commit.checkpoint(), commit.usage(),
        commit.completed(), null, lastOutputSeq, commit.release(), null);
  }

  private static Fence altered(Fence fence, String token, long generation) {
    return new Fence(fence.session(), fence.owner(), token, generation);
  }

  @Test
  @DisplayName("T-A17 (checkpoint) every check of T-70 alone on a checkpoint's commit: reason, and everything unchanged")
  void checksOfCheckpoint() {
    Scene scene = scene();
    Scene other = scene();
    TurnCommit good = scene.checkpoint(scene.taken().completions());
    TurnId turn = scene.run().turn().id();
    Fence fence = scene.fence();

    nowAndAfterReopen(() -> {
      refusedAlone(Reason.SESSION_BINDING_MISMATCH, with(good,
          new Fence(new WorkerId(99), fence.owner(), fence.token(), 1), good.subject(), null, null));
      refusedAlone(Reason.TURN_COMMIT_CONFLICT,
          with(good, fence, new Subject.AtCheckpoint(other.run().turn().id(), 1, 1), null, null));
      refusedAlone(Reason.LEASE_EXPIRED, with(good, altered(fence, "another", 1), good.subject(), null, null));
      refusedAlone(Reason.LEASE_EXPIRED, with(good, altered(fence, fence.token(), 2), good.subject(), null, null));
      assertEquals(Map.of("expected", 9L, "actual", 0L),
          refusedAlone(Reason.HEAD_REVISION_CONFLICT, with(good, fence, good.subject(), 9L, null)));
      refusedAlone(Reason.TURN_NOT_FOUND,
          with(good, fence, new Subject.AtCheckpoint(new TurnId(9999), 1, 1), null, null));
      refusedAlone(Reason.ATTEMPT_SUPERSEDED, with(good, fence, new Subject.AtCheckpoint(turn, 2, 1), null, null));
      for (int no : List.of(0, 2, 3)) {
        assertEquals(Map.of("expected_commit_no", 1), refusedAlone(Reason.TURN_COMMIT_CONFLICT,
            with(good, fence, new Subject.AtCheckpoint(turn, 1, no), null, null)));
      }
      assertEquals(Map.of("expected_seq", 4L),
          refusedAlone(Reason.OUTPUT_GAP, with(good, fence, good.subject(), null, 2L)));
    });
    done(committing(with(good, fence, good.subject(), 0L, 3L)));
    done(committing(scene.end(scene.run().completion())));
    refusedAlone(Reason.TURN_ENDED, with(good, acquireFence(scene), new Subject.AtCheckpoint(turn, 1, 2), null, null));
  }

  private Fence acquireFence(Scene scene) {
    return acquire(scene.session(), AGENT);
  }

  @Test
  @DisplayName("T-A17 (claims) every completion of queued work and of inputs: session, id, token, generation, all ids")
  void checksOfClaims() {
    Scene scene = scene();
    Scene other = scene();
    List<BatchId> batches = scene.wakes().items().stream().map(Batch::id).toList();
    List<BatchId> foreign = other.wakes().items().stream().map(Batch::id).toList();
    String wake = scene.wakes().claim().id();
    String token = scene.wakes().claim().token();
    Completion inputs = inputs(Objects.requireNonNull(scene.taken().inputs()));

    nowAndAfterReopen(() -> {
      for (Completion wrong : List.of(new Completion.OfBatches("qwc:9:9", token, batches),
          new Completion.OfBatches(wake, "another", batches), new Completion.OfBatches(wake, token, foreign),
          new Completion.OfBatches(wake, token, List.of(new BatchId(9999))),
          new Completion.OfBatches(wake, token, List.of()),
          new Completion.OfBatches(inputs.claimId(), inputs.token(), batches))) {
        assertEquals("queued_work",
            refusedAlone(Reason.CLAIM_SUPERSEDED, scene.checkpoint(List.of(inputs, wrong))).get("family"));
        assertEquals("queued_work",
            refusedAlone(Reason.CLAIM_SUPERSEDED, scene.end(List.of(inputs, wrong))).get("family"));
      }
      for (Completion wrong : List.of(new Completion.OfInputs("inc:9:9", inputs.token(), ids(inputs)),
          new Completion.OfInputs(inputs.claimId(), "another", ids(inputs)),
          new Completion.OfInputs(inputs.claimId(), inputs.token(), List.of(new InputId(9999))),
          new Completion.OfInputs(inputs.claimId(), inputs.token(), List.of()),
          inputs(Objects.requireNonNull(other.taken().inputs())))) {
        assertEquals(Map.of("family", "input", "claim_id", wrong.claimId()),
            refusedAlone(Reason.CLAIM_SUPERSEDED, scene.checkpoint(List.of(wrong))));
      }
      assertEquals(Map.of("family", "input", "claim_id", scene.run().claim().id()), refusedAlone(
          Reason.UNSETTLED_CLAIM, scene.checkpoint(scene.run().completion())), "the start is the end's to complete");
    });
    // Claimed by the generation before, an id and a token are worth nothing.
    pass(TURN_LIMITS.leaseTtl());
    Fence later = acquire(scene.session(), AGENT);
    refusedAlone(Reason.CLAIM_SUPERSEDED,
        ofSession(later, List.of(new Completion.OfBatches(wake, token, batches)), false));
  }

  private static List<InputId> ids(Completion claim) {
    return ((Completion.OfInputs) claim).inputs();
  }

  @Test
  @DisplayName("T-A17 (unsettled) an end or a release that leaves a claim of its generation open is refused")
  void unsettled() {
    Scene scene = scene();
    Completion start = scene.run().completion().getFirst();
    Completion inputs = scene.taken().completions().getFirst();
    Completion wakes = scene.taken().completions().getLast();

    nowAndAfterReopen(() -> {
      assertEquals(Map.of("family", "queued_work", "claim_id", wakes.claimId()),
          refusedAlone(Reason.UNSETTLED_CLAIM, scene.end(List.of(start, inputs))));
      assertEquals(Map.of("family", "input", "claim_id", inputs.claimId()),
          refusedAlone(Reason.UNSETTLED_CLAIM, scene.end(List.of(start, wakes))));
      assertEquals(Map.of("family", "input", "claim_id", start.claimId()),
          refusedAlone(Reason.UNSETTLED_CLAIM, scene.end(List.of(inputs, wakes))));
      refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(scene.fence(), List.of(inputs, wakes), true));
      // Of no turn, they would be in no context and no admission.
      refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(scene.fence(), List.of(inputs), false));
      refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(scene.fence(), List.of(wakes), false));
      refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(scene.fence(), List.of(start, inputs, wakes), true));
    });
    assertEquals(1, abandon(scene.fence(), wakes.claimId(), wakes.token()));
    done(committing(scene.end(List.of(start, inputs))));
    nowAndAfterReopen(() -> assertEquals("waiting", present(scene.wakes().items().getFirst()).state().text()));

    WorkerId idle = worker();
    refresh(idle);
    NextWork.Apply apply = apply(acquire(idle, AGENT));
    refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(apply.lease().fence(), List.of(), true));
    done(committing(apply.commit(Checkpoint.INITIAL)));
  }

  @Test
  @DisplayName("T-A17 (cancel, deadline) cancel_won, cancel_not_requested, cancel_overdue, turn_deadline_exceeded alone")
  void checksOfCancel() {
    Scene scene = scene();
    refusedAlone(Reason.CANCEL_NOT_REQUESTED, with(scene.end(scene.everything()), scene.fence(),
        new Subject.Terminal(scene.run().turn().id(), 1, new TurnOutcome.Cancelled()), null, null));
    done(cancelling(scene.run().turn().id()));
    nowAndAfterReopen(() -> {
      refusedAlone(Reason.CANCEL_WON, scene.end(scene.everything()));
      refusedAlone(Reason.CANCEL_WON, with(scene.end(scene.everything()), scene.fence(),
          new Subject.Terminal(scene.run().turn().id(), 1, new TurnOutcome.Failed(Reason.EXECUTOR_FAILED)), null,
          null));
    });
    passHolding(scene.fence(), Cancel.GRACE);
    refusedAlone(Reason.CANCEL_OVERDUE, scene.checkpoint(scene.taken().completions()));
    done(committing(with(scene.end(scene.everything()), scene.fence(),
        new Subject.Terminal(scene.run().turn().id(), 1, new TurnOutcome.Cancelled()), null, null)));
    nowAndAfterReopen(
        () -> assertEquals("completed", present(scene.wakes().items().getFirst()).state().text(), "with its turn"));

    Scene late = scene();
    passHolding(late.fence(), TURN_LIMITS.turnDeadline());
    nowAndAfterReopen(() -> {
      refusedAlone(Reason.TURN_DEADLINE_EXCEEDED, late.checkpoint(late.taken().completions()));
      refusedAlone(Reason.TURN_DEADLINE_EXCEEDED, late.end(late.everything()));
    });
  }

  @Test
  @DisplayName("T-A18 (checkpoint) stamp retry without lease and after release; changed hash conflicts; session binding")
  void stamps() {
    Scene scene = scene();
    TurnCommit commit = scene.checkpoint(scene.taken().completions());
    Stamp.Result first = done(committing(commit));
    nowAndAfterReopen(() -> assertEquals(new Outcome.Replayed<>(first), write(committing(commit))));
    release(scene.fence());
    NextWork.Run next = take(scene.session(), HERE);

    nowAndAfterReopen(() -> {
      pass(TURN_LIMITS.leaseTtl().multipliedBy(2));
      String before = read(StateText::of);
      assertEquals(new Outcome.Replayed<>(first), write(committing(commit)));
      assertEquals(new Outcome.Replayed<>(first),
          write(committing(with(commit, altered(scene.fence(), "lost", 7), commit.subject(), 77L, null))));
      assertEquals(before, read(StateText::of));
      refusedAlone(Reason.TURN_COMMIT_CONFLICT, scene.checkpoint(List.of()));
      refusedAlone(Reason.TURN_COMMIT_CONFLICT,
          checkpoint(scene.run(), 1, "another step", scene.taken().completions()));
      refusedAlone(Reason.SESSION_BINDING_MISMATCH, with(commit,
          new Fence(new WorkerId(99), scene.fence().owner(), "x", 1), commit.subject(), null, null));
    });
    // The numbers begin anew with the attempt.
    NextWork.Run again = take(scene.session(), HERE);
    assertEquals(next.turn().lastAttempt().number() + 1, again.turn().lastAttempt().number());
    assertInstanceOf(Outcome.Done.class, write(committing(checkpoint(again, 1, "step", List.of()))));
  }

  @Test
  @DisplayName("T-A20 (queue) superseded completion refused; unsettled claim refused; a claim given back and taken again"
      + " is another")
  void superseded() {
    WorkerId worker = worker();
    wake(worker, "a letter came");
    Fence fence = acquire(worker, AGENT);
    Claimed<Batch> first = done(claimingTurnWork(fence, null, 1)).orElseThrow();
    abandon(fence, first.claim().id(), first.claim().token());
    nowAndAfterReopen(
        () -> refusedAlone(Reason.CLAIM_SUPERSEDED, ofSession(fence, List.of(batches(first)), true)));
    Claimed<Batch> second = done(claimingTurnWork(fence, null, 1)).orElseThrow();
    nowAndAfterReopen(() -> {
      refusedAlone(Reason.CLAIM_SUPERSEDED, ofSession(fence, List.of(batches(first)), true));
      refusedAlone(Reason.UNSETTLED_CLAIM, ofSession(fence, List.of(), true));
    });
    done(committing(ofSession(fence, List.of(batches(second)), false)));
    nowAndAfterReopen(() -> {
      assertEquals("completed", present(first.items().getFirst()).state().text());
      refusedAlone(Reason.CLAIM_SUPERSEDED, ofSession(fence, List.of(batches(second)), true));
      assertInstanceOf(Lease.Held.class, read(state -> state.lease(worker)));
    });
  }
}
