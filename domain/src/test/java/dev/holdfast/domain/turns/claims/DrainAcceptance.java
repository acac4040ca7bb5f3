package dev.holdfast.domain.turns.claims;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.commits.CommitDraft;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.commits.Usage;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a holder gets when it asks for work, as spec turns §6 and §19 want it of every backend. */
public abstract class DrainAcceptance extends KernelSuite {
  private static final Delivery JOIN = join(Delivery.Policy.EARLIEST_SAFE_BOUNDARY, Delivery.PAYLOAD_DEFAULT);

  private Session session(WorkerId worker) {
    return read(state -> state.session(worker));
  }

  /** Ends what came, so that the next can come, and tells what it was. */
  private String finished(Fence fence, @Nullable List<BatchId> named) {
    NextWork work = done(next(fence, named));
    return switch (work) {
      case NextWork.None() -> "none";
      case NextWork.Apply apply -> {
        applied(apply);
        yield "command " + apply.batch().enqueueSeq();
      }
      case NextWork.Run run -> {
        keeping(run);
        yield run.turn().start().trigger() + " " + Stream.concat(run.inputs().stream().map(Input::enqueueSeq),
            run.batches().stream().map(Batch::enqueueSeq)).toList();
      }
      case NextWork.Settle settle -> "settle " + settle.outcome().text();
    };
  }

  /** Completes the command and keeps the lease. */
  private void applied(NextWork.Apply apply) {
    TurnCommit commit = apply.commit(session(apply.batch().session()).checkpoint());
    done(committing(new TurnCommit(commit.fence(), null, commit.subject(), List.of(), commit.checkpoint(), Usage.NONE,
        commit.completed(), null, null, false, null)));
  }

  private void keeping(NextWork.Run run) {
    var draft = new CommitDraft(completing(run, "an answer"));
    draft.release = false;
    done(committing(draft.build()));
  }

  /** In the next moment. */
  private void then() {
    pass(Duration.ofMillis(1));
  }

  @Test
  @DisplayName("T-A38 drain order of T-60 incl. equal millisecond: between inputs and commands the time decides")
  void commandsAndInputs() {
    WorkerId worker = worker();
    Fence fence = acquire(worker, HERE);
    refresh(worker);
    send(worker, "in the same moment");
    assertEquals("inputs [2]", finished(fence, null));
    assertEquals("command 1", finished(fence, null));

    refresh(worker);
    then();
    send(worker, "later");
    refresh(worker);
    nowAndAfterReopen(() -> assertEquals(5, read(state -> state.workQueue(worker)).lastEnqueueSeq()));
    assertEquals("command 3", finished(fence, null));
    assertEquals("inputs [4]", finished(fence, null));
    assertEquals("command 5", finished(fence, null));

    send(worker, "earlier");
    then();
    BatchId named = refresh(worker).id();
    assertEquals("command 7", finished(fence, List.of(named)), "the drain of queued work asks for it");
    assertEquals("inputs [6]", finished(fence, null));
    assertEquals("none", finished(fence, null));
  }

  @Test
  @DisplayName("T-A38 (wakes) inputs come before wakes whatever their order, wakes before a command behind them")
  void wakes() {
    WorkerId worker = worker();
    Fence fence = acquire(worker, HERE);
    wake(worker, "one");
    BatchId two = wake(worker, "two", JOIN).id();
    BatchId three = wake(worker, "three", JOIN).id();
    then();
    refresh(worker);
    then();
    send(worker, "an input");
    wake(worker, "four");
    wake(worker, "five");

    assertEquals("inputs [5]", finished(fence, List.of(two, three)));
    assertEquals("none", finished(fence, List.of(two, three)), "they aren't the next group");
    nowAndAfterReopen(() -> assertEquals(6, read(state -> state.workQueue(worker)).queuedWork()));
    assertEquals("wakes [1]", finished(fence, null));
    assertEquals("wakes [2, 3]", finished(fence, List.of(three, two)));
    assertEquals("command 4", finished(fence, null));
    assertEquals("wakes [6]", finished(fence, null));
    assertEquals("wakes [7]", finished(fence, null));
    assertEquals("none", finished(fence, null));
  }

  @Test
  @DisplayName("T-A38 (system inputs) system-only inputs start no turn; a wake does without them, a user input takes them")
  void systemInputs() {
    WorkerId worker = worker();
    Fence fence = acquire(worker, HERE);
    Input first = send(worker, system("one"));
    Input second = send(worker, system("two"));

    nowAndAfterReopen(() -> {
      String before = read(StateText::of);
      assertEquals("none", finished(fence, null));
      assertEquals(before, read(StateText::of));
    });
    wake(worker, "a letter came");
    assertEquals("wakes [3]", finished(fence, null));
    send(worker, "a user");
    assertEquals("inputs [1, 2, 4]", finished(fence, null));
    assertEquals("completed", present(first).state().text());
    assertEquals("completed", present(second).state().text());
  }

  @Test
  @DisplayName("T-A38 (64) a turn takes at most 64, and a user input behind as many system inputs still starts one")
  void crowded() {
    WorkerId worker = worker();
    for (int i = 1; i <= 70; i++) {
      send(worker, system("system " + i));
    }
    Input user = send(worker, "a user");
    NextWork.Run run = run(acquire(worker, HERE));
    assertEquals(64, run.inputs().size());
    assertEquals(user.id(), run.inputs().getLast().id());
    nowAndAfterReopen(() -> assertEquals(7, read(state -> state.workQueue(worker)).pendingInputs()));
  }

  @Test
  @DisplayName("T-A38 (rows 0 to 3) quarantined none; what is under way comes again; an open turn before all else")
  void underWay() {
    WorkerId worker = worker();
    refresh(worker);
    Fence fence = acquire(worker, HERE);
    NextWork.Apply apply = apply(fence);
    nowAndAfterReopen(() -> assertEquals(apply, apply(fence), "the same claim"));
    applied(apply);
    send(worker, "an input");
    NextWork.Run run = run(fence);
    refresh(worker);
    wake(worker, "a letter came");
    nowAndAfterReopen(() -> assertEquals(run, run(fence), "that turn, the same attempt, the same claim"));
    release(fence);
    NextWork.Run again = run(acquire(worker, ELSEWHERE));
    nowAndAfterReopen(() -> {
      assertEquals(run.turn().id(), again.turn().id());
      assertEquals(2, again.turn().lastAttempt().number());
      assertEquals(run.turn().start(), again.turn().start());
      assertEquals(run.inputs().getFirst().id(), again.inputs().getFirst().id());
    });

    Worker damaged = read(state -> state.worker(worker)).orElseThrow();
    // No rule finds damage yet; the status is there for the day that one does.
    put(new WorkerChange.Moved(damaged.ended(WorkerStatus.QUARANTINED, damaged.lastEventId())));
    nowAndAfterReopen(() -> assertEquals("none", finished(again.lease().fence(), null)));
  }

  @Test
  @DisplayName("T-A38 (row 1) an open turn is settled: cancel before deadline before budget")
  void settling() {
    WorkerId worker = worker();
    wake(worker, "a letter came");
    NextWork.Run first = take(worker, HERE);
    for (int start = 2; start <= 3; start++) {
      take(worker, Owner.builtin("node-a", start));
    }
    NextWork.Settle budget = settle(worker, 4);
    assertEquals(new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED), budget.outcome());
    assertEquals(4, budget.turn().lastAttempt().number(), "an attempt of its own, to commit it");
    pass(TURN_LIMITS.turnDeadline());
    assertEquals(new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED), settle(worker, 5).outcome());
    done(cancelling(first.turn().id()));
    NextWork.Settle cancel = settle(worker, 6);
    assertEquals(new TurnOutcome.Cancelled(), cancel.outcome());
    done(committing(cancel.commit(session(worker).checkpoint())));

    nowAndAfterReopen(() -> {
      assertEquals(null, session(worker).openTurn());
      assertEquals(List.of("lost", "lost", "lost", "lost", "lost", "committed"),
          present(first.turn()).attempts().stream()
              .map(Attempt::end).map(end -> Objects.requireNonNull(end).by().text()).toList());
      assertEquals(0, read(state -> state.workQueue(worker)).queuedWork(), "the wake is completed with its turn");
    });
  }

  private NextWork.Settle settle(WorkerId worker, int start) {
    return assertInstanceOf(NextWork.Settle.class, done(taking(worker, Owner.builtin("node-a", start))));
  }

  @Test
  @DisplayName("T-A31 (all work) asked again, the same holder gets the same and nothing is written; others are busy")
  void askedAgain() {
    WorkerId worker = worker();
    wake(worker, "a letter came");
    NextWork.Run run = take(worker, AGENT);
    append(run, 2, "Hel", "lo");
    steer(worker, "steer", Boundary.AFTER_WORK);
    var taken = atCheckpoint(run, Boundary.AFTER_WORK);

    nowAndAfterReopen(() -> {
      String before = read(StateText::of);
      NextWork.Run again = run(run.lease().fence());
      assertEquals(run.turn().id(), again.turn().id());
      assertEquals(run.turn().lastAttempt().number(), again.turn().lastAttempt().number());
      assertEquals(run.claim(), again.claim());
      assertEquals(taken, atCheckpoint(run, Boundary.AFTER_WORK));
      assertEquals(3, append(again, 2, "Hel", "lo"));
      assertEquals(before, read(StateText::of), "nothing is doubled");
    });
    for (Owner other : List.of(OTHER_AGENT, HERE, new Owner(AGENT.id(), "b"))) {
      assertEquals(AGENT.id(), refused(Reason.LEASE_BUSY, taking(worker, other)).facts().get("holder"));
    }
  }

  @Test
  @DisplayName("a command changes what only the node counts, whatever the holder commits with it (T-64)")
  void toolCatalog() {
    WorkerId worker = worker();
    refresh(worker);
    Fence fence = acquire(worker, HERE);
    assertEquals("command 1", finished(fence, null));
    refresh(worker);
    assertEquals("command 2", finished(fence, null));
    send(worker, "an input");
    // Its commit names the revision 0.
    assertEquals("inputs [3]", finished(fence, null));
    nowAndAfterReopen(() -> {
      assertEquals(2, session(worker).checkpoint().toolCatalogRevision());
      assertEquals(3, session(worker).headRevision());
    });
  }

  @Test
  @DisplayName("ready work without a live lease is found, and found no more while somebody holds the session (T-11)")
  void found() {
    WorkerId worker = worker();
    WorkerId idle = worker();
    done(enqueueing(worker, wakeDraft("later", null, now().plusSeconds(5))));
    assertEquals(List.of(), read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10)));
    pass(Duration.ofSeconds(5));
    nowAndAfterReopen(() -> assertEquals(List.of(worker),
        read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10))));
    acquire(worker, HERE);
    acquire(idle, HERE);
    nowAndAfterReopen(() -> assertEquals(List.of(),
        read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10))));
    pass(TURN_LIMITS.leaseTtl());
    nowAndAfterReopen(() -> assertEquals(List.of(worker),
        read(state -> state.workableSessions(Workable.BUILTIN, now(), 0, 10))));
  }
}
