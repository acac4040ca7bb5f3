package dev.holdfast.cli.integrity.bench;

import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A session's turn as an executor runs it, without the model: it is taken, twenty deltas are appended, the answer is
 * committed and the lease given back. Three units of work, each durable before the next begins. The inputs are accepted
 * beforehand and outside the time that is measured. One commit in a hundred is tried under a stale fence first, and refused.
 */
final class TurnCycle {
  private static final int DELTAS = 20;
  private static final int STALE_EVERY = 100;
  /** Of each turn's output the first record is there when its work is taken. */
  private static final long FIRST_DELTA = 2;
  private static final Owner OWNER = new Owner("bench", "1");

  private final Bed bed;
  private final List<WorkerId> sessions;
  private final UnitsOfWork units;
  private final InstantSource clock;
  private final Ids ids;
  private final List<OutputPayload> deltas = IntStream.range(0, DELTAS)
      .<OutputPayload>mapToObj(i -> new OutputPayload.Delta(OutputPayload.Channel.TEXT, "delta " + i + " "))
      .toList();
  private final AtomicInteger cycles = new AtomicInteger();

  TurnCycle(Bed bed, List<WorkerId> sessions) {
    this.bed = bed;
    this.sessions = sessions;
    this.units = bed.units();
    this.clock = bed.node().use(InstantSource.class);
    this.ids = bed.node().use(Ids.class);
  }

  /** As often as all sessions have had a turn, all get a new input, until the time is up. */
  Sample take(long nanos, int clients) throws InterruptedException {
    var sample = new Sample(0, 0, 0, new Histogram());
    while (sample.nanos() < nanos) {
      var fed = new AtomicInteger();
      Load.count(sessions.size(), 64, _ -> () -> {
        bed.append(sessions.get(fed.getAndIncrement()));
        return 1;
      });
      var next = new AtomicInteger();
      sample = sample.plus(Load.count(sessions.size(), clients, _ -> () -> {
        cycle(sessions.get(next.getAndIncrement()));
        return 1;
      }));
    }
    return sample;
  }

  private void cycle(WorkerId session) {
    var work = (NextWork.Run) units.write(state -> WorkRules.take(
        state, session, new Claimant(OWNER, ids.hex(32), TurnLimits.DEFAULT.leaseTtl()), TurnLimits.DEFAULT,
        clock.instant())).orThrow();
    Fence fence = work.lease().fence();
    int attempt = work.turn().lastAttempt().number();
    long last = units.write(state -> AppendRules.append(
        state, fence, work.turn().id(), attempt, FIRST_DELTA, deltas, clock.instant())).orThrow().lastSeq();
    if (cycles.incrementAndGet() % STALE_EVERY == 0) {
      refused(commit(work, new Fence(session, fence.owner(), fence.token(), fence.generation() - 1), last));
    }
    write(commit(work, fence, last)).orThrow();
    bed.acknowledge(1);
  }

  private Outcome<Stamp.Result> write(TurnCommit commit) {
    return units.write(state -> CommitRules.commit(state, commit, clock.instant()));
  }

  private void refused(TurnCommit stale) {
    if (!(write(stale) instanceof Outcome.Refused<Stamp.Result>(Reason _, var _))) {
      throw new IllegalStateException("a commit under a stale fence was taken");
    }
  }

  private static TurnCommit commit(NextWork.Run work, Fence fence, long lastOutputSeq) {
    var entry = new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, Plan.CONTENT, TranscriptEntry.Status.FINAL);
    var subject = new TurnCommit.Subject.Terminal(
        work.turn().id(), work.turn().lastAttempt().number(), new TurnOutcome.Completed());
    return new TurnCommit(fence, null, subject, List.of(entry), Checkpoint.INITIAL.afterTurn(Usage.NONE), Usage.NONE,
        work.completion(), null, lastOutputSeq, true, null);
  }
}
