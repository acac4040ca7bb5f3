package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.TurnCommit.Subject;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commits that a job makes of its turn: mostly right ones, and some with one thing wrong. */
final class Commits {
  private static final Usage USAGE = new Usage(3, 5);

  private final World world;
  private final Job job;
  private final Turn turn;
  private final NextWork.Run run;

  Commits(World world, Job job, NextWork.Run run) {
    this.world = world;
    this.job = job;
    this.run = run;
    this.turn = run.turn();
  }
  TurnCommit checkpoint() {
    int number = job.commits() + 1 + (world.chance(3) ? 1 : 0);
    List<Completion> completed = new ArrayList<>(job.taken());
    if (world.chance(3)) {
      completed.addAll(run.completion());
    }
    boolean interrupts = world.chance(10);
    return commit(new Subject.AtCheckpoint(turn.id(), attempt(), number), TranscriptEntry.Status.FINAL, completed,
        interrupts, false);
  }

  TurnCommit terminal() {
    TurnOutcome outcome = outcome();
    List<Completion> completed = new ArrayList<>(run.completion());
    completed.addAll(job.taken());
    if (world.chance(4)) {
      completed.remove(world.random.nextInt(completed.size()));
    }
    TranscriptEntry.Status status = outcome instanceof TurnOutcome.Completed
        ? TranscriptEntry.Status.FINAL
        : TranscriptEntry.Status.PARTIAL;
    return commit(new Subject.Terminal(turn.id(), attempt(), outcome), status, completed, false, world.chance(70));
  }

  private int attempt() {
    return turn.lastAttempt().number() + (world.chance(2) ? -1 : 0);
  }

  private TurnOutcome outcome() {
    int roll = world.random.nextInt(100);
    if ((job.wasTold() && roll < 80) || roll < 4) {
      return new TurnOutcome.Cancelled();
    }
    if (roll < 90) {
      return new TurnOutcome.Completed();
    }
    return roll < 95
        ? new TurnOutcome.Incomplete(Reason.UPSTREAM_CUT)
        : new TurnOutcome.Failed(Reason.EXECUTOR_FAILED);
  }

  private TurnCommit commit(
      Subject subject, TranscriptEntry.Status status, List<Completion> completed, boolean interrupts, boolean release) {
    List<TurnCommit.Entry> entries = new ArrayList<>();
    for (int i = world.random.nextInt(3); i > 0; i--) {
      entries.add(new TurnCommit.Entry(TranscriptEntry.Role.ASSISTANT, world.fresh("answer "), status));
    }
    Checkpoint present = world.model.session(job.fence().session()).session().checkpoint();
    Checkpoint next = subject instanceof Subject.Terminal ? present.afterTurn(USAGE) : present;
    return new TurnCommit(fence(), revision(), subject, entries, next, USAGE, twisted(completed),
        interrupts ? turn.id() : null, lastSeq(), release, null);
  }

  /** Another session's fence never helps. */
  private Fence fence() {
    Fence own = job.fence();
    if (!world.chance(1)) {
      return own;
    }
    var other = world.any(List.copyOf(world.model.sessions())).id;
    return new Fence(other, own.owner(), own.token(), own.generation());
  }

  private @Nullable Long revision() {
    long actual = world.model.session(job.fence().session()).session().headRevision();
    int roll = world.random.nextInt(20);
    if (roll == 0) {
      return actual + 1;
    }
    return roll < 6 ? actual : null;
  }

  private @Nullable Long lastSeq() {
    if (world.chance(70)) {
      return null;
    }
    return world.chance(95) ? job.lastSeq() : Long.valueOf(job.lastSeq() + 1);
  }

  /** Now and then a claim with another token, or named twice. */
  private List<Completion> twisted(List<Completion> completed) {
    if (completed.isEmpty() || !world.chance(5)) {
      return completed;
    }
    List<Completion> changed = new ArrayList<>(completed);
    Completion one = world.any(completed);
    if (world.chance(50)) {
      changed.add(one);
    } else {
      changed.remove(one);
      changed.add(switch (one) {
        case Completion.OfInputs(String id, _, var inputs) -> new Completion.OfInputs(id, "forged", inputs);
        case Completion.OfBatches(String id, _, var batches) -> new Completion.OfBatches(id, "forged", batches);
      });
    }
    return changed;
  }
}
