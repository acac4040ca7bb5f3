package dev.holdfast.domain.turns;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.TurnCommit.CompletedClaim;
import dev.holdfast.domain.turns.inputs.Claim;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The commit of a turn: its checks in the order of spec T-70, then everything it changes, at once. */
public final class CommitRules {
  private CommitRules() {}

  public static Decision<Stamp.Result> commit(TurnReads state, TurnCommit commit, Instant now) {
    WorkerId id = commit.fence().session();
    Optional<Worker> worker = state.worker(id);
    Optional<Turn> turn = state.turn(commit.turn());
    if (worker.isEmpty()) {
      return Decision.refused(Reason.SESSION_BINDING_MISMATCH);
    }
    if (turn.isPresent() && !turn.get().session().equals(id)) {
      return Decision.refused(Reason.TURN_COMMIT_CONFLICT);
    }
    Optional<Stamp> stamp = state.stamp(Stamp.Key.terminal(id, commit.turn()));
    if (stamp.isPresent()) {
      return stamp.get().hash().equals(commit.hash())
          ? replay(state, stamp.get(), commit, now)
          : Decision.refused(Reason.TURN_COMMIT_CONFLICT);
    }
    Outcome.Refused<?> refusal = refusal(state, commit, turn, now);
    return refusal != null
        ? Decision.refused(refusal)
        : committed(state, worker.get(), turn.orElseThrow(), commit, now);
  }

  /** A retry whose first reply was lost: the stored result, without a lease; a release it asks for still happens. */
  private static Decision<Stamp.Result> replay(TurnReads state, Stamp stamp, TurnCommit commit, Instant now) {
    List<Change> release =
        commit.release() ? WorkRules.release(state, commit.fence(), now).changes() : List.of();
    return new Decision<>(new Outcome.Replayed<>(stamp.result()), release);
  }

  private static Outcome.@Nullable Refused<?> refusal(
      TurnReads state, TurnCommit commit, Optional<Turn> turn, Instant now) {
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(commit.fence().session()), commit.fence(), now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return refused;
    }
    Session session = state.session(commit.fence().session());
    Long expected = commit.expectedHeadRevision();
    if (expected != null && expected != session.headRevision()) {
      return new Outcome.Refused<>(
          Reason.HEAD_REVISION_CONFLICT, Map.of("expected", expected, "actual", session.headRevision()));
    }
    Outcome.Refused<?> attempt = AppendRules.refusal(turn, commit.fence(), commit.attempt());
    if (attempt != null) {
      return attempt;
    }
    if (commit.outcome() instanceof TurnOutcome.Cancelled) {
      return Outcome.refused(Reason.CANCEL_NOT_REQUESTED);
    }
    boolean late = !now.isBefore(turn.orElseThrow().deadlineAt());
    if (late && !commit.outcome().equals(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED))) {
      return Outcome.refused(Reason.TURN_DEADLINE_EXCEEDED);
    }
    Outcome.Refused<?> claims = claimRefusal(state, commit, turn.orElseThrow());
    if (claims != null) {
      return claims;
    }
    long stored = turn.orElseThrow().lastAttempt().lastOutputSeq();
    return commit.lastOutputSeq() != null && commit.lastOutputSeq() != stored
        ? Outcome.refused(Reason.OUTPUT_GAP, "expected_seq", stored + 1)
        : null;
  }

  /** Every completed claim must still be held as it was given, and the start set must be among them (T-70.10, .11). */
  private static Outcome.@Nullable Refused<?> claimRefusal(TurnReads state, TurnCommit commit, Turn turn) {
    Set<InputId> completed = new HashSet<>();
    for (CompletedClaim claim : commit.completed()) {
      for (InputId id : claim.inputs()) {
        boolean held = state.input(id)
            .filter(input -> input.session().equals(turn.session())
                && input.state() instanceof InputState.Bound(_, Claim bound)
                && bound.id().equals(claim.id()) && bound.token().equals(claim.token())
                && bound.generation() == commit.fence().generation())
            .isPresent();
        if (!held) {
          return new Outcome.Refused<>(
              Reason.CLAIM_SUPERSEDED, Map.of("family", "input", "claim_id", claim.id()));
        }
        completed.add(id);
      }
    }
    if (completed.containsAll(turn.inputs())) {
      return null;
    }
    return new Outcome.Refused<>(Reason.UNSETTLED_CLAIM, Map.of("family", "input", "claim_id",
        "inc:" + turn.id() + ":" + turn.lastAttempt().number()));
  }

  private static Decision<Stamp.Result> committed(
      TurnReads state, Worker worker, Turn turn, TurnCommit commit, Instant now) {
    var events = new NewEvents(state, now, null);
    Session session = state.session(worker.id()).committed(commit.checkpoint());
    long eventId = events.add(worker.id(), eventName(commit.outcome()), Json.object("turn_id", turn.id().value(),
        "attempt", commit.attempt(), "reason", reason(commit.outcome())), commit.note());
    List<Change> changes = new ArrayList<>();
    List<Long> sequences = appendEntries(worker, commit, eventId, now, changes);
    changes.add(new TurnChange.SessionPut(session));
    for (InputId id : turn.inputs()) {
      changes.add(new InputChange.Moved(state.input(id).orElseThrow().in(new InputState.Completed(turn.id()))));
    }
    long endSeq = turn.lastAttempt().lastOutputSeq() + 1;
    var end =
        new OutputPayload.End(commit.outcome().text(), reason(commit.outcome()), session.headRevision(), commit.note());
    changes.add(new OutputChange.Appended(turn.id(),
        List.of(new OutputRecord(turn.id(), commit.attempt(), endSeq, now, end))));
    Attempt last = turn.lastAttempt().withOutput(endSeq).ended(Attempt.EndedBy.COMMITTED, now);
    changes.add(new TurnChange.Put(turn.withLastAttempt(last)
        .ended(new Turn.State.Ended(commit.outcome(), now, session.headRevision()), commit.usage())));
    var result = new Stamp.Result(session.headRevision(), commit.checkpoint(), eventId, sequences);
    changes.add(new TurnChange.Stamped(
        new Stamp(Stamp.Key.terminal(worker.id(), turn.id()), commit.hash(), result)));
    if (commit.release()) {
      changes.addAll(WorkRules.released(commit.fence(), events));
    }
    changes.add(new WorkerChange.Moved(worker.withEntries(sequences.size(), events.lastId())));
    changes.addAll(events.changes());
    return Decision.done(result, changes);
  }

  private static List<Long> appendEntries(
      Worker worker, TurnCommit commit, long eventId, Instant now, List<Change> changes) {
    List<Long> sequences = new ArrayList<>();
    for (TurnCommit.Entry entry : commit.entries()) {
      long sequence = worker.transcriptLength() + sequences.size() + 1;
      sequences.add(sequence);
      var origin = new TranscriptEntry.Origin.FromTurn(commit.turn(), commit.attempt(), 0);
      changes.add(new WorkerChange.EntryAppended(new TranscriptEntry(sequence, worker.id(), entry.role(),
          entry.content(), eventId, now, origin, entry.status())));
    }
    return sequences;
  }

  private static @Nullable String reason(TurnOutcome outcome) {
    Reason reason = outcome.reason();
    return reason == null ? null : reason.code();
  }

  private static EventName eventName(TurnOutcome outcome) {
    return switch (outcome) {
      case TurnOutcome.Completed _ -> EventName.TURN_COMPLETED;
      case TurnOutcome.Incomplete _ -> EventName.TURN_INCOMPLETE;
      case TurnOutcome.Failed _ -> EventName.TURN_FAILED;
      case TurnOutcome.Cancelled _ -> EventName.TURN_CANCELLED;
    };
  }
}
