package dev.holdfast.cli.integrity.bench.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.cli.integrity.bench.load.Bed;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;

/** What an executor does with a session in process. Each is a unit of work, durable on return. */
final class TurnSteps {
  private static final Owner OWNER = new Owner("bench", "1");
  private static final List<OutputPayload> DELTAS = IntStream.range(0, TurnCycle.DELTAS)
      .<OutputPayload>mapToObj(i -> new OutputPayload.Delta(OutputPayload.Channel.TEXT, "delta " + i + " "))
      .toList();

  private final UnitsOfWork units;
  private final InstantSource clock;
  private final Ids ids;

  TurnSteps(Bed bed) {
    this.units = bed.units();
    this.clock = bed.node().use(InstantSource.class);
    this.ids = bed.node().use(Ids.class);
  }

  /** A whole turn: three units of work. */
  void turn(WorkerId session, boolean alsoStale) {
    NextWork.Run work = take(session, TurnLimits.DEFAULT.leaseTtl());
    Fence fence = work.lease().fence();
    long last = append(work, TurnCycle.FIRST_DELTA, DELTAS);
    if (alsoStale) {
      var stale = new Fence(session, fence.owner(), fence.token(), fence.generation() - 1);
      if (!(write(commit(work, stale, last)) instanceof Outcome.Refused<Stamp.Result>(Reason _, var _))) {
        throw new IllegalStateException("a commit under a stale fence was taken");
      }
    }
    commit(work, last);
  }

  /** The session and its next work, which has to be a turn. */
  NextWork.Run take(WorkerId session, Duration ttl) {
    return (NextWork.Run) units.write(state -> WorkRules.take(state, session, new Claimant(OWNER, ids.hex(32), ttl),
        TurnLimits.DEFAULT, clock.instant())).orThrow();
  }

  /** @return the number of the last record */
  long append(NextWork.Run work) {
    return append(work, TurnCycle.FIRST_DELTA, DELTAS);
  }

  /** @return the number of the last record */
  long append(NextWork.Run work, long firstSeq, List<OutputPayload> payloads) {
    return units.write(state -> AppendRules.append(state, work.lease().fence(), work.turn().id(),
        work.turn().lastAttempt().number(), firstSeq, payloads, clock.instant())).orThrow().lastSeq();
  }

  SessionRules.Renewed renew(NextWork.Run work, Duration ttl) {
    return units.write(state -> SessionRules.renew(state, work.lease().fence(), ttl, clock.instant())).orThrow();
  }

  /** Ends the turn and gives the session back. */
  Stamp.Result commit(NextWork.Run work, long lastSeq) {
    return write(commit(work, work.lease().fence(), lastSeq)).orThrow();
  }

  private Outcome<Stamp.Result> write(TurnCommit ready) {
    TurnCommit.Hashed commit = ready.hashed();
    return units.write(state -> CommitRules.commit(state, commit, clock.instant()));
  }

  private static TurnCommit commit(NextWork.Run work, Fence fence, long lastSeq) {
    var entry = new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, Bed.CONTENT, TranscriptEntry.Status.FINAL);
    var subject = new TurnCommit.Subject.Terminal(
        work.turn().id(), work.turn().lastAttempt().number(), new TurnOutcome.Completed());
    return new TurnCommit(fence, null, subject, List.of(entry), Checkpoint.INITIAL.afterTurn(Usage.NONE), Usage.NONE,
        work.completion(), null, lastSeq, true, null);
  }
}
