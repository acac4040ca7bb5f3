package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.queue.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What an executor knows of one session, from the answers that it got, and what it does next about it. */
final class Job {
  private final Calls calls;
  private final World world;
  private final Executor executor;
  private final WorkerId session;
  private @Nullable Fence fence;
  private NextWork work = new NextWork.None();
  private long lastSeq;
  private int commits;
  private boolean told;
  private List<Completion> taken = List.of();
  private @Nullable Observed observed;
  /** A call whose answer didn't come, as it was made. */
  private @Nullable Runnable unanswered;

  Job(Calls calls, Executor executor, WorkerId session) {
    this.calls = calls;
    this.world = calls.world;
    this.executor = executor;
    this.session = session;
  }

  boolean hasLease() {
    return fence != null;
  }

  Fence fence() {
    return Objects.requireNonNull(fence);
  }

  List<Completion> taken() {
    return taken;
  }

  long lastSeq() {
    return lastSeq;
  }

  int commits() {
    return commits;
  }

  boolean wasTold() {
    return told;
  }

  void act() {
    Runnable again = unanswered;
    unanswered = null;
    if (again != null && world.chance(70)) {
      again.run();
    } else if (fence == null) {
      take();
    } else if (world.chance(6)) {
      renew();
    } else {
      switch (work) {
        case NextWork.None _ -> idle();
        case NextWork.Apply apply -> commit(apply.commit(checkpoint()), false);
        case NextWork.Settle settle -> commit(settle.commit(checkpoint()), true);
        case NextWork.Run run -> run(run);
      }
    }
  }

  /** A call that isn't answered is made again, as it was, perhaps. */
  private <T> void call(World.Request<T> request, Consumer<Outcome<T>> answer) {
    if (!world.carry(request, answer)) {
      unanswered = () -> call(request, answer);
    }
  }

  // Taking the session, and what to do there.

  private void take() {
    Claimant by = executor.claimant();
    if (executor.isLocal() && world.chance(50)) {
      Lease seen = world.model.session(session).lease();
      if (observed == null || world.chance(70)) {
        observed = seen instanceof Lease.Held(Fence held, _, _, _, _)
            ? new Observed(held.owner().id(), held.owner().incarnation(), held.generation())
            : new Observed("nobody", "0", 0);
      }
      Observed shown = observed;
      call(() -> calls.reclaim(session, shown, by), answer -> held(answer));
    } else if (executor.isBuiltin()) {
      boolean onlySettle = world.chance(15);
      call(() -> calls.take(session, by, onlySettle), this::given);
    } else {
      call(() -> calls.acquire(session, by), answer -> held(answer));
    }
  }

  private void held(Outcome<Lease.Held> answer) {
    if (answer instanceof Outcome.Done<Lease.Held>(Lease.Held held)) {
      if (!held.fence().equals(fence)) {
        forgetWork();
      }
      fence = held.fence();
    }
  }

  private void idle() {
    if (world.chance(20)) {
      release();
      return;
    }
    List<BatchId> named = world.chance(10)
        ? world.model.session(session).batches().stream().filter(batch -> !batch.state().isEnded())
            .limit(1 + world.random.nextInt(2)).map(Batch::id).toList()
        : null;
    Fence by = fence();
    call(() -> calls.next(by, named == null || named.isEmpty() ? null : named), this::given);
  }

  private void given(Outcome<NextWork> answer) {
    if (!(answer instanceof Outcome.Done<NextWork>(NextWork next))) {
      refused(answer);
      return;
    }
    boolean same = work instanceof NextWork.Run known && next instanceof NextWork.Run again
        && known.turn().id().equals(again.turn().id())
        && known.turn().lastAttempt().number() == again.turn().lastAttempt().number();
    if (work instanceof NextWork.Run known && next instanceof NextWork.Run again && same) {
      Violation.unless(known.claim().equals(again.claim()) && known.completion().equals(again.completion()),
          "the same attempt has the same claim", again);
      return;
    }
    forgetWork();
    switch (next) {
      case NextWork.None _ -> world.tell(() -> "   (nothing to do)");
      case NextWork.Apply apply -> fence = apply.lease().fence();
      case NextWork.Settle settle -> fence = settle.lease().fence();
      case NextWork.Run run -> {
        fence = run.lease().fence();
        lastSeq = run.turn().lastAttempt().lastOutputSeq();
        commits = run.turn().lastAttempt().commits();
      }
    }
    work = next;
  }

  void renew() {
    Fence by = fence();
    call(() -> calls.renew(by), answer -> {
      if (answer instanceof Outcome.Done(var renewed)) {
        told |= renewed.cancel() != null;
      } else {
        refused(answer);
      }
    });
  }

  private void release() {
    Fence by = fence();
    call(() -> new Outcome.Done<>(calls.release(by)), _ -> forget());
  }

  private void forget() {
    fence = null;
    forgetWork();
  }

  private void forgetWork() {
    work = new NextWork.None();
    taken = List.of();
    told = false;
    lastSeq = 0;
    commits = 0;
  }

  /** What a refusal teaches; some don't listen and go on. */
  private void refused(Outcome<?> answer) {
    if (answer instanceof Outcome.Refused(Reason reason, var facts) && !world.chance(15)) {
      switch (reason) {
        case OUTPUT_GAP -> lastSeq = (Long) facts.getOrDefault("expected_seq", 1L) - 1;
        case HEAD_REVISION_CONFLICT, CANCEL_NOT_REQUESTED -> world.tell(() -> "   (tries again)");
        case CLAIM_SUPERSEDED, TURN_COMMIT_CONFLICT, UNSETTLED_CLAIM, CANCEL_WON, TURN_DEADLINE_EXCEEDED,
            ATTEMPT_SUPERSEDED, TURN_ENDED, TURN_NOT_FOUND ->
          forgetWork();
        default -> forget();
      }
    }
  }

  // Running a turn.

  private void run(NextWork.Run run) {
    Turn turn = run.turn();
    int attempt = turn.lastAttempt().number();
    Fence by = fence();
    int roll = told && world.chance(30) ? 90 : world.random.nextInt(100);
    if (roll < 24) {
      append(run, by);
    } else if (roll < 42) {
      Boundary kind = world.chance(50) ? Boundary.AFTER_WORK : Boundary.BEFORE_COMPLETION;
      call(() -> calls.atCheckpoint(by, turn.id(), attempt, kind), this::atCheckpoint);
    } else if (roll < 58) {
      commit(new Commits(world, this, run).checkpoint(), false);
    } else if (roll < 78) {
      commit(new Commits(world, this, run).terminal(), true);
    } else if (roll < 83) {
      calls.context(session);
    } else if (roll < 86) {
      release();
    } else if (roll < 90) {
      abandon(run, by);
    } else if (roll < 94) {
      call(() -> calls.acknowledge(by, turn.id()), this::refused);
    } else if (roll < 97) {
      idle();
    } else {
      Claimant again = executor.claimant();
      call(() -> calls.acquire(session, again), this::held);
    }
  }

  private void append(NextWork.Run run, Fence by) {
    int attempt = run.turn().lastAttempt().number() + (world.chance(2) ? 1 : 0);
    long first = Math.max(1, lastSeq + 1 + (world.chance(10) ? world.random.nextInt(-2, 3) : 0));
    List<OutputPayload> records = new ArrayList<>();
    for (int i = world.random.nextInt(4); i > 0; i--) {
      records.add(world.chance(10)
          ? new OutputPayload.Rewound(run.turn().kept())
          : new OutputPayload.Delta(OutputPayload.Channel.TEXT, "delta"));
    }
    call(() -> calls.append(by, run.turn().id(), attempt, first, records), answer -> {
      if (answer instanceof Outcome.Done(var appended)) {
        lastSeq = appended.lastSeq();
        told |= appended.cancel() != null;
      } else {
        refused(answer);
      }
    });
  }

  private void atCheckpoint(Outcome<ClaimRules.AtCheckpoint> answer) {
    if (!(answer instanceof Outcome.Done<ClaimRules.AtCheckpoint>(ClaimRules.AtCheckpoint given))) {
      refused(answer);
      return;
    }
    told |= given.cancel() != null;
    taken = given.completions();
  }

  private void abandon(NextWork.Run run, Fence by) {
    // The claim of the start too, which stays the turn's.
    Completion one = world.any(taken.isEmpty() ? run.completion() : taken);
    call(() -> new Outcome.Done<>(calls.abandon(by, one.claimId(), one.token())), _ -> taken = List.of());
  }

  private void commit(TurnCommit commit, boolean last) {
    call(() -> calls.commit(commit), answer -> {
      if (answer instanceof Outcome.Refused<Stamp.Result>) {
        refused(answer);
      } else if (commit.release()) {
        forget();
      } else if (last || !(commit.subject() instanceof TurnCommit.Subject.OfTurn)) {
        forgetWork();
      } else {
        commits++;
        lastSeq = answer.orThrow().lastOutputSeq();
        taken = List.of();
      }
    });
  }

  private Checkpoint checkpoint() {
    return world.model.session(session).session().checkpoint();
  }
}
