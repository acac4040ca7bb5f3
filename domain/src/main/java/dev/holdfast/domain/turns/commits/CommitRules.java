package dev.holdfast.domain.turns.commits;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.workers.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commit of a holder: its checks in the order of spec T-70, then everything it changes, at once. */
public final class CommitRules {
  private CommitRules() {}

  public static Decision<Stamp.Result> commit(TurnReads state, TurnCommit commit, Instant now) {
    return commit(state, commit.hashed(), now);
  }

  public static Decision<Stamp.Result> commit(TurnReads state, TurnCommit.Hashed hashed, Instant now) {
    TurnCommit commit = hashed.commit();
    WorkerId id = commit.fence().session();
    Optional<Worker> worker = state.worker(id);
    if (worker.isEmpty()) {
      return Decision.refused(Reason.SESSION_BINDING_MISMATCH);
    }
    if (!(commit.subject() instanceof TurnCommit.Subject.OfTurn of)) {
      return judged(state, worker.get(), null, hashed, now);
    }
    Optional<Turn> turn = state.turn(of.turn());
    if (turn.isPresent() && !turn.get().session().equals(id)) {
      return Decision.refused(Reason.TURN_COMMIT_CONFLICT);
    }
    Optional<Stamp> stamp = state.stamp(Stamp.Key.of(id, of));
    if (stamp.isPresent()) {
      return stamp.get().hash().equals(hashed.hash())
          ? replay(state, stamp.get(), commit, now)
          : Decision.refused(Reason.TURN_COMMIT_CONFLICT);
    }
    return judged(state, worker.get(), turn.orElse(null), hashed, now);
  }

  /** A retry whose first reply was lost: the stored result, without a lease; a release it asks for still happens. */
  private static Decision<Stamp.Result> replay(TurnReads state, Stamp stamp, TurnCommit commit, Instant now) {
    List<Change> release =
        commit.release() ? SessionRules.release(state, commit.fence(), now).changes() : List.of();
    return new Decision<>(new Outcome.Replayed<>(stamp.result()), release);
  }

  private static Decision<Stamp.Result> judged(
      TurnReads state, Worker worker, @Nullable Turn turn, TurnCommit.Hashed hashed, Instant now) {
    Outcome.Refused<?> refusal = new CommitChecks(state, hashed.commit(), turn, now).refusal();
    return refusal != null
        ? Decision.refused(refusal)
        : new Committing(state, worker, turn, hashed, now).decide();
  }
}
