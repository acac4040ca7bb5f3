package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.ContextItem;
import dev.holdfast.domain.turns.ContextRules;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.workers.Reach;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Working on the turns of a session that is held, as an external executor (spec T-92 to T-95). A call whose answer was lost
 * is made again: it answers what the first one did, or tells that there is nothing left of it to do.
 */
public final class ExecutorTurns {
  private final UnitsOfWork units;
  private final TurnLimits limits;
  private final Profiles profiles;
  private final Ids ids;
  private final InstantSource clock;

  public ExecutorTurns(UnitsOfWork units, TurnLimits limits, Profiles profiles, Ids ids, InstantSource clock) {
    this.units = units;
    this.limits = limits;
    this.profiles = profiles;
    this.ids = ids;
    this.clock = clock;
  }

  /** @param batches take exactly these, if they are what comes next; null for whatever comes */
  public Outcome<NextWork> next(
      Reach reach, WorkerId session, Fence fence, @Nullable List<BatchId> batches) {
    return units.write(state -> ExternalSessions.held(state, reach, session, fence,
        () -> WorkRules.next(state, fence, batches, ids.hex(32), limits, clock.instant())));
  }

  /** What a turn shows its model call (spec T-51). */
  public Outcome<List<ContextItem>> context(Reach reach, WorkerId session, TurnId id) {
    return units.read(state -> WorkerRules.find(state, null, session, reach) instanceof Outcome.Refused<?> refused
        ? refused.as()
        : state.turn(id).filter(turn -> turn.session().equals(session))
            .map(turn -> ContextRules.context(state, turn,
                profiles.resolve(state.worker(session).orElseThrow().profile()).instructions(),
                TurnRun.MAX_CONTEXT_CHARACTERS))
            .orElse(Outcome.refused(Reason.TURN_NOT_FOUND)));
  }

  /** A turn's attempt that stands at a checkpoint. */
  public record Standing(TurnId turn, int attempt, Boundary checkpoint) {}

  public Outcome<ClaimRules.AtCheckpoint> claim(Reach reach, WorkerId session, Fence fence, Standing at) {
    return units.write(state -> ExternalSessions.held(state, reach, session, fence,
        () -> ClaimRules.atCheckpoint(state, new ClaimRules.Holder(fence, ids.hex(32)), at.turn(), at.attempt(),
            at.checkpoint(), limits, clock.instant())));
  }

  /** @return how many inputs and batches wait again; 0 where there is no such claim */
  public Outcome<Integer> abandon(Reach reach, WorkerId session, Fence fence, String claimId, String token) {
    return units.write(state -> ExternalSessions.held(state, reach, session, fence,
        () -> ClaimRules.abandon(state, fence, claimId, token, clock.instant())));
  }

  /** A commit's result; {@code cancel} tells that somebody has asked to cancel the turn. */
  public record Committed(Stamp.Result result, @Nullable Cancel cancel) {}

  /** @return replayed for a commit of a turn that was made before */
  public Outcome<Committed> commit(Reach reach, WorkerId session, TurnCommit commit) {
    TurnId turn = commit.subject() instanceof TurnCommit.Subject.OfTurn of ? of.turn() : null;
    // Its hash isn't made in the unit of work, which is everybody's.
    TurnCommit.Hashed hashed = commit.hashed();
    return units.write(state -> ExternalSessions.held(state, reach, session, commit.fence(), () -> {
      Decision<Stamp.Result> decision = CommitRules.commit(state, hashed, clock.instant());
      return new Decision<>(decision.outcome().map(
          result -> new Committed(result, ExternalSessions.cancel(state, turn))), decision.changes());
    }));
  }

  /** The holder has stopped producing for a turn that it was told to cancel. */
  public Outcome<Cancel> acknowledge(Reach reach, WorkerId session, Fence fence, TurnId turn) {
    return units.write(state -> ExternalSessions.held(state, reach, session, fence,
        () -> CancelRules.acknowledge(state, fence, turn, clock.instant())));
  }

  /**
   * Records of a turn's output, the first of which has the number {@code firstSeq}.
   *
   * @param payloads deltas and rewinds; the node writes the others itself
   */
  public record Output(TurnId turn, int attempt, long firstSeq, List<OutputPayload> payloads) {
    public Output {
      payloads = List.copyOf(payloads);
    }
  }

  public Outcome<AppendRules.Appended> append(Reach reach, Fence fence, Output output) {
    return units.write(state -> {
      Optional<Turn> turn = state.turn(output.turn())
          .filter(found -> WorkerRules.find(state, null, found.session(), reach) instanceof Outcome.Done<?>);
      return turn.isEmpty()
          ? Decision.refused(Reason.TURN_NOT_FOUND)
          : ExternalSessions.held(state, reach, turn.get().session(), fence, () -> AppendRules.append(state, fence,
              output.turn(), output.attempt(), output.firstSeq(), output.payloads(), clock.instant()));
    });
  }
}
