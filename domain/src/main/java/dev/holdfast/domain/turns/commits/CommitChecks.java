package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks of a commit that isn't a replay, in the order of spec T-70.5 to T-70.12. */
final class CommitChecks {
  private final TurnReads state;
  private final TurnCommit commit;
  private final @Nullable Turn turn;
  private final Instant now;

  CommitChecks(TurnReads state, TurnCommit commit, @Nullable Turn turn, Instant now) {
    this.state = state;
    this.commit = commit;
    this.turn = turn;
    this.now = now;
  }

  Outcome.@Nullable Refused<?> refusal() {
    WorkerId session = commit.fence().session();
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(session), commit.fence(), now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return refused;
    }
    Session actual = state.session(session);
    Long expected = commit.expectedHeadRevision();
    if (expected != null && expected != actual.headRevision()) {
      return new Outcome.Refused<>(
          Reason.HEAD_REVISION_CONFLICT, Map.of("expected", expected, "actual", actual.headRevision()));
    }
    if (commit.subject() instanceof TurnCommit.Subject.OfTurn of) {
      Outcome.Refused<?> wrong = turnRefusal(of);
      if (wrong != null) {
        return wrong;
      }
    }
    Outcome.Refused<?> claims = claimRefusal();
    return claims != null ? claims : outputRefusal();
  }

  private Outcome.@Nullable Refused<?> turnRefusal(TurnCommit.Subject.OfTurn of) {
    Outcome.Refused<?> attempt = AppendRules.refusal(Optional.ofNullable(turn), commit.fence(), of.attempt());
    if (attempt != null) {
      return attempt;
    }
    Turn open = Objects.requireNonNull(turn);
    return switch (of) {
      case TurnCommit.Subject.AtCheckpoint(_, _, int commitNo) -> checkpointRefusal(open, commitNo);
      case TurnCommit.Subject.Terminal(_, _, TurnOutcome outcome) -> outcomeRefusal(open, outcome);
    };
  }

  private Outcome.@Nullable Refused<?> checkpointRefusal(Turn open, int commitNo) {
    if (open.isCancelOverdueAt(now)) {
      return Outcome.refused(Reason.CANCEL_OVERDUE);
    }
    if (open.isPastDeadlineAt(now)) {
      return Outcome.refused(Reason.TURN_DEADLINE_EXCEEDED);
    }
    // The stamp of an earlier number would be known; a later one would leave a hole.
    return commitNo == open.lastAttempt().commits() + 1
        ? null
        : Outcome.refused(Reason.TURN_COMMIT_CONFLICT, "expected_commit_no", open.lastAttempt().commits() + 1);
  }

  /** First writer wins: behind a request only cancelled is an end, and without one it is none (spec T-81). */
  private Outcome.@Nullable Refused<?> outcomeRefusal(Turn open, TurnOutcome outcome) {
    boolean cancelled = outcome instanceof TurnOutcome.Cancelled;
    if (open.isCancelRequested()) {
      return cancelled ? null : Outcome.refused(Reason.CANCEL_WON);
    }
    if (cancelled) {
      return Outcome.refused(Reason.CANCEL_NOT_REQUESTED);
    }
    return open.isPastDeadlineAt(now) && !outcome.equals(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED))
        ? Outcome.refused(Reason.TURN_DEADLINE_EXCEEDED)
        : null;
  }

  /** Completed claims must be held as they were given, and none may stay open behind a terminal commit. */
  private Outcome.@Nullable Refused<?> claimRefusal() {
    for (TurnCommit.Completion completion : commit.completed()) {
      if (completion instanceof TurnCommit.Completion.OfBatches(String id, String token, var batches)
          && !batches.stream().allMatch(batch -> isHeld(batch, id, token))) {
        return refused(Reason.CLAIM_SUPERSEDED, "queued_work", id);
      }
    }
    for (TurnCommit.Completion completion : commit.completed()) {
      if (completion instanceof TurnCommit.Completion.OfInputs(String id, String token, var inputs)
          && !inputs.stream().allMatch(input -> isHeld(input, id, token))) {
        return refused(Reason.CLAIM_SUPERSEDED, "input", id);
      }
    }
    return commit.isTerminal() ? unsettled() : startRefusal();
  }

  /** The start set is completed by the turn's end, not before (spec T-67). */
  private Outcome.@Nullable Refused<?> startRefusal() {
    for (BatchId id : commit.completedBatches()) {
      if (state.batch(id).orElseThrow().state() instanceof BatchState.Bound(_, Claim claim)) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work", claim.id());
      }
    }
    for (InputId id : commit.completedInputs()) {
      if (state.input(id).orElseThrow().state() instanceof InputState.Bound(_, Claim claim)) {
        return refused(Reason.UNSETTLED_CLAIM, "input", claim.id());
      }
    }
    return null;
  }

  private boolean isHeld(BatchId id, String claimId, String token) {
    return state.batch(id).filter(batch -> batch.session().equals(commit.fence().session()))
        .map(batch -> batch.state().claim()).filter(claim -> isOurs(claim, claimId, token)).isPresent();
  }

  private boolean isHeld(InputId id, String claimId, String token) {
    return state.input(id).filter(input -> input.session().equals(commit.fence().session()))
        .map(input -> input.state().claim()).filter(claim -> isOurs(claim, claimId, token)).isPresent();
  }

  private boolean isOurs(Claim claim, String id, String token) {
    return claim.id().equals(id) && claim.token().equals(token)
        && claim.generation() == commit.fence().generation();
  }

  /** A claim of this generation that the commit doesn't complete (spec T-70.11). */
  private Outcome.@Nullable Refused<?> unsettled() {
    WorkerId session = commit.fence().session();
    long generation = commit.fence().generation();
    var batches = commit.completedBatches();
    boolean queued = state.workQueue(session).queuedWork() > 0;
    List<Batch> claimed = queued ? state.claimedBatches(session, generation) : List.of();
    for (Batch batch : claimed) {
      if (!batches.contains(batch.id())) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work", Objects.requireNonNull(batch.state().claim()).id());
      }
    }
    var inputs = commit.completedInputs();
    for (var input : state.heldInputs(session)) {
      Claim claim = Objects.requireNonNull(input.state().claim());
      if (claim.generation() == generation && !inputs.contains(input.id())) {
        return refused(Reason.UNSETTLED_CLAIM, "input", claim.id());
      }
    }
    return unsettledStart();
  }

  /** What an open turn began with is claimed as long as it is open, so a commit that gives the lease back must end it. */
  private Outcome.@Nullable Refused<?> unsettledStart() {
    Turn open = Optional.ofNullable(state.session(commit.fence().session()).openTurn()).flatMap(state::turn)
        .orElse(null);
    if (open == null) {
      return null;
    }
    boolean ends = commit.subject() instanceof TurnCommit.Subject.Terminal;
    for (BatchId id : open.start().batches()) {
      if (!ends || !commit.completedBatches().contains(id)) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work",
            Objects.requireNonNull(state.batch(id).orElseThrow().state().claim()).id());
      }
    }
    for (InputId id : open.start().inputs()) {
      if (!ends || !commit.completedInputs().contains(id)) {
        return refused(Reason.UNSETTLED_CLAIM, "input",
            Objects.requireNonNull(state.input(id).orElseThrow().state().claim()).id());
      }
    }
    return null;
  }

  private Outcome.@Nullable Refused<?> outputRefusal() {
    Long claimed = commit.lastOutputSeq();
    if (claimed == null || turn == null) {
      return null;
    }
    long stored = turn.lastAttempt().lastOutputSeq();
    return claimed == stored ? null : Outcome.refused(Reason.OUTPUT_GAP, "expected_seq", stored + 1);
  }

  private static Outcome.Refused<?> refused(Reason reason, String family, String claim) {
    return new Outcome.Refused<>(reason, Map.of("family", family, "claim_id", claim));
  }
}
