package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.Execution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a schedule: the holders are silent, their leases lapse, and honest executors do what is found. After a bounded
 * number of calls nothing may be left, so no session is ever stuck.
 */
final class Finale {
  private static final int BOUND = 400;
  private static final Workable EXTERNAL = new Workable(Execution.EXTERNAL, null, false);

  private final Calls calls;
  private final World world;
  private final Executor node;
  private final List<WorkerId> sessions;
  private final Owner external = new Owner("key-2:fresh", "1");

  Finale(Calls calls, Executor node, List<WorkerId> sessions) {
    this.calls = calls;
    this.world = calls.world;
    this.node = node;
    this.sessions = sessions;
  }

  void run() {
    world.calm();
    world.pass(world.limits.leaseTtl());
    drain();
    // What was to be available later is by now, and whatever is still under way arrives.
    while (world.hasLate()) {
      world.deliverLate();
    }
    world.pass(Duration.ofDays(3));
    drain();
    world.store().read(state -> {
      world.model.checkAll(state);
      sessions.forEach(session -> Violation.unless(!SessionCheck.hasWork(world.model.session(session), world.now()),
          "a session is stuck", session));
      return "";
    });
  }

  private void drain() {
    for (int i = 0; i < BOUND; i++) {
      List<WorkerId> own = find(Workable.BUILTIN);
      List<WorkerId> others = find(EXTERNAL);
      if (own.isEmpty() && others.isEmpty()) {
        return;
      }
      own.forEach(session -> finish(session, calls.take(session, node.claimant(), false).orThrow()));
      find(Workable.EXTERNAL_OPEN)
          .forEach(session -> finish(session, calls.take(session, node.claimant(), true).orThrow()));
      others.forEach(this::finishExternal);
      // A holder of before may have nothing to do for its lease; it lapses.
      world.pass(world.limits.leaseTtl());
    }
    throw new Violation("the sessions are not drained in " + BOUND + " rounds");
  }

  private List<WorkerId> find(Workable which) {
    return world.store().read(state -> state.workableSessions(which, world.now(), 0, 100));
  }

  private void finishExternal(WorkerId session) {
    var claimant = new Claimant(external, "", world.limits.leaseTtl());
    Fence fence = calls.acquire(session, claimant).orThrow().fence();
    finish(session, calls.next(fence, null).orThrow());
  }

  private void finish(WorkerId session, NextWork work) {
    Session present = world.model.session(session).session();
    switch (work) {
      case NextWork.None _ -> world.tell(() -> "   (nothing to do)");
      case NextWork.Apply apply -> calls.commit(apply.commit(present.checkpoint())).orThrow();
      case NextWork.Settle settle -> calls.commit(settle.commit(present.checkpoint())).orThrow();
      case NextWork.Run run -> {
        calls.context(session);
        end(run, present);
      }
    }
  }

  private void end(NextWork.Run run, Session present) {
    Turn turn = run.turn();
    int attempt = turn.lastAttempt().number();
    var taken = calls.atCheckpoint(run.lease().fence(), turn.id(), attempt, Boundary.BEFORE_COMPLETION).orThrow();
    List<Completion> completed = new ArrayList<>(run.completion());
    completed.addAll(taken.completions());
    calls.context(run.lease().session());
    var subject = new TurnCommit.Subject.Terminal(turn.id(), attempt, new TurnOutcome.Completed());
    calls.commit(new TurnCommit(run.lease().fence(), present.headRevision(), subject, List.of(),
        present.checkpoint().afterTurn(Usage.NONE), Usage.NONE, completed, null, null, true, null)).orThrow();
  }
}
