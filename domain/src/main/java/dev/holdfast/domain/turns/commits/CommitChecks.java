package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    Outcome.Refused<?> wrong = commit.subject() instanceof TurnCommit.Subject.OfTurn of
        ? turnRefusal(of)
        : openTurn().map(this::timeRefusal).orElse(null);
    if (wrong != null) {
      return wrong;
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
    Outcome.Refused<?> late = timeRefusal(open);
    if (late != null) {
      return late;
    }
    // The stamp of an earlier number would be known; a later one would leave a hole.
    return commitNo == open.lastAttempt().commits() + 1
        ? null
        : Outcome.refused(Reason.TURN_COMMIT_CONFLICT, "expected_commit_no", open.lastAttempt().commits() + 1);
  }

  /** Past its time an open turn takes nothing but its end (spec T-55, T-86). */
  private Outcome.@Nullable Refused<?> timeRefusal(Turn open) {
    Reason overdue = open.overdueAt(now);
    return overdue == null ? null : Outcome.refused(overdue);
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
          && !Set.copyOf(batches).equals(heldBatches(id, token))) {
        return refused(Reason.CLAIM_SUPERSEDED, "queued_work", id);
      }
    }
    for (TurnCommit.Completion completion : commit.completed()) {
      if (completion instanceof TurnCommit.Completion.OfInputs(String id, String token, var inputs)
          && !Set.copyOf(inputs).equals(heldInputs(id, token))) {
        return refused(Reason.CLAIM_SUPERSEDED, "input", id);
      }
    }
    Outcome.Refused<?> early = earlyRefusal();
    return early == null && commit.isTerminal() ? unsettled() : early;
  }

  /** All that is held under that claim; empty when it isn't ours. */
  private Set<BatchId> heldBatches(String claimId, String token) {
    Stream<Batch> start = openTurn().stream().flatMap(open -> open.start().batches().stream())
        .map(id -> state.batch(id).orElseThrow());
    return Stream.concat(start, claimedBatches().stream())
        .filter(batch -> isOurs(Objects.requireNonNull(batch.state().claim()), claimId, token)).map(Batch::id)
        .collect(Collectors.toSet());
  }

  private Set<InputId> heldInputs(String claimId, String token) {
    Stream<Input> start = openTurn().stream().flatMap(open -> open.start().inputs().stream())
        .map(id -> state.input(id).orElseThrow());
    return Stream.concat(start, state.heldInputs(commit.fence().session()).stream())
        .filter(input -> isOurs(Objects.requireNonNull(input.state().claim()), claimId, token)).map(Input::id)
        .collect(Collectors.toSet());
  }

  private List<Batch> claimedBatches() {
    WorkerId session = commit.fence().session();
    return state.workQueue(session).queuedWork() > 0
        ? state.claimedBatches(session, commit.fence().generation())
        : List.of();
  }

  private Optional<Turn> openTurn() {
    return Optional.ofNullable(state.session(commit.fence().session()).openTurn()).flatMap(state::turn);
  }

  /**
   * The start set is completed by the turn's end, not before, and what was claimed at a checkpoint by a commit of its turn:
   * of any other it would be in no turn, and in no context (spec T-51, T-67).
   */
  private Outcome.@Nullable Refused<?> earlyRefusal() {
    for (BatchId id : commit.completedBatches()) {
      boolean early = switch (state.batch(id).orElseThrow().state()) {
        case BatchState.Bound _ -> !ends();
        case BatchState.Claimed(_, TurnId checkpointOf) -> checkpointOf != null && turn == null;
        case BatchState.Waiting _,BatchState.Completed _,BatchState.Cancelled _ -> false;
      };
      if (early) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work", claimId(state.batch(id).orElseThrow()));
      }
    }
    for (InputId id : commit.completedInputs()) {
      boolean early = switch (state.input(id).orElseThrow().state()) {
        case InputState.Bound _ -> !ends();
        case InputState.Accepted _ -> turn == null;
        case InputState.Pending _,InputState.Deferred _,InputState.Claimed _,InputState.Completed _,InputState.Cancelled _ ->
          false;
      };
      if (early) {
        return refused(Reason.UNSETTLED_CLAIM, "input", claimId(state.input(id).orElseThrow()));
      }
    }
    return null;
  }

  private boolean ends() {
    return commit.subject() instanceof TurnCommit.Subject.Terminal;
  }

  private static String claimId(Batch batch) {
    return Objects.requireNonNull(batch.state().claim()).id();
  }

  private static String claimId(Input input) {
    return Objects.requireNonNull(input.state().claim()).id();
  }

  private boolean isOurs(Claim claim, String id, String token) {
    return claim.id().equals(id) && claim.token().equals(token)
        && claim.generation() == commit.fence().generation();
  }

  /** A claim of this generation that the commit doesn't complete (spec T-70.11). */
  private Outcome.@Nullable Refused<?> unsettled() {
    var batches = commit.completedBatches();
    for (Batch batch : claimedBatches()) {
      if (!batches.contains(batch.id())) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work", claimId(batch));
      }
    }
    var inputs = commit.completedInputs();
    for (Input input : state.heldInputs(commit.fence().session())) {
      boolean ours =
          Objects.requireNonNull(input.state().claim()).generation() == commit.fence().generation();
      if (ours && !inputs.contains(input.id())) {
        return refused(Reason.UNSETTLED_CLAIM, "input", claimId(input));
      }
    }
    return openTurn().map(this::unsettledStart).orElse(null);
  }

  /** What an open turn began with is claimed as long as it is open, so a commit that gives the lease back must end it. */
  private Outcome.@Nullable Refused<?> unsettledStart(Turn open) {
    for (BatchId id : open.start().batches()) {
      if (!ends() || !commit.completedBatches().contains(id)) {
        return refused(Reason.UNSETTLED_CLAIM, "queued_work", claimId(state.batch(id).orElseThrow()));
      }
    }
    for (InputId id : open.start().inputs()) {
      if (!ends() || !commit.completedInputs().contains(id)) {
        return refused(Reason.UNSETTLED_CLAIM, "input", claimId(state.input(id).orElseThrow()));
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
