package dev.holdfast.domain.turns.cancels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.LifecycleRules.Ending;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules.Control;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Cancelling a turn, as spec turns §10 and §19 want it of every backend. */
public abstract class CancelAcceptance extends KernelSuite {
  private static final Duration TTL = TURN_LIMITS.leaseTtl();

  private NextWork.Run running(Owner owner) {
    WorkerId worker = worker();
    send(worker, "hello");
    return take(worker, owner);
  }

  private Cancel cancel(Turn turn) {
    return Objects.requireNonNull(present(turn).cancel());
  }

  private Rule<AppendRules.Appended> appending(NextWork.Run run, long seq) {
    List<OutputPayload> delta = List.of(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "x"));
    return state -> AppendRules.append(state, run.lease().fence(), run.turn().id(),
        run.turn().lastAttempt().number(), seq, delta, now());
  }

  private Rule<SessionRules.Renewed> renewing(Fence fence) {
    return state -> SessionRules.renew(state, fence, TTL, now());
  }

  private Rule<Cancel> acknowledging(NextWork.Run run) {
    return state -> CancelRules.acknowledge(state, run.lease().fence(), run.turn().id(), now());
  }

  private Stamp.Result settled(NextWork.Settle settle) {
    return done(committing(settle.commit(read(state -> state.session(settle.turn().session())).checkpoint())));
  }

  @Test
  @DisplayName("T-A37 holder ignoring cancel: overdue, settled, later writes refused")
  void ignored() {
    NextWork.Run run = running(AGENT);
    Turn turn = run.turn();
    Fence fence = run.lease().fence();
    done(cancelling(turn.id()));
    passHolding(fence, Cancel.GRACE.minusNanos(1000));
    done(renewing(fence));
    done(appending(run, 2));
    done(committing(checkpoint(run, 1, "goes on", List.of())));
    pass(Duration.ofNanos(1000));

    nowAndAfterReopen(() -> {
      refused(Reason.CANCEL_OVERDUE, renewing(fence));
      refused(Reason.CANCEL_OVERDUE, appending(run, 4));
      refused(Reason.CANCEL_OVERDUE, committing(checkpoint(run, 2, "and on", List.of())));
      refused(Reason.CANCEL_OVERDUE, checkpointing(run, Boundary.AFTER_WORK));
      refused(Reason.CANCEL_WON, committing(completing(run, "an answer")));
      refused(Reason.LEASE_BUSY, taking(turn.session(), HERE));
    });
    pass(TTL);
    NextWork.Settle settle = assertInstanceOf(NextWork.Settle.class, done(taking(turn.session(), HERE)));
    assertEquals(new TurnOutcome.Cancelled(), settle.outcome());
    assertEquals(fence.generation() + 1, settle.lease().generation());
    settled(settle);
    nowAndAfterReopen(() -> {
      assertEquals(Cancel.Stage.RELEASED, cancel(turn).stage());
      assertEquals(List.of("lost", "committed"), present(turn).attempts().stream()
          .map(attempt -> Objects.requireNonNull(attempt.end()).by().text()).toList());
      refused(Reason.LEASE_EXPIRED, renewing(fence));
      refused(Reason.LEASE_EXPIRED, appending(run, 4));
      refused(Reason.LEASE_EXPIRED, committing(checkpoint(run, 2, "and on", List.of())));
      refused(Reason.TURN_COMMIT_CONFLICT, committing(completing(run, "an answer")));
      assertInstanceOf(NextWork.None.class, done(taking(turn.session(), HERE)));
    });
  }

  @Test
  @DisplayName("T-A37 (in time) past its time only the end as cancelled is still taken of the holder")
  void overdueEnd() {
    NextWork.Run run = running(AGENT);
    pass(Duration.ofSeconds(15));
    done(cancelling(run.turn().id()));
    pass(Duration.ofSeconds(14));
    renew(run.lease().fence());
    pass(Duration.ofSeconds(16));
    refused(Reason.CANCEL_OVERDUE, renewing(run.lease().fence()));
    done(committing(cancelled(run)));
    nowAndAfterReopen(() -> assertEquals(Cancel.Stage.RELEASED, cancel(run.turn()).stage()));
  }

  @Test
  @DisplayName("T-A37 (lease loss) a lease that is lost never shows as cancelled")
  void lossIsNoCancel() {
    NextWork.Run run = running(AGENT);
    refused(Reason.CANCEL_NOT_REQUESTED, committing(cancelled(run)));
    pass(TTL);
    NextWork.Run again = take(run.turn().session(), HERE);
    nowAndAfterReopen(() -> {
      assertEquals(null, present(run.turn()).cancel());
      assertEquals(Attempt.EndedBy.LOST,
          Objects.requireNonNull(present(run.turn()).attempts().getFirst().end()).by());
      refused(Reason.CANCEL_NOT_REQUESTED, committing(cancelled(again)));
    });
    done(committing(completing(again, "an answer")));
    refused(Reason.COMPLETION_WON, cancelling(run.turn().id()));
  }

  @Test
  @DisplayName("taking the session, and taking it again, tells of a request (T-83): it is delivered with that")
  void toldByTaking() {
    NextWork.Run held = running(AGENT);
    done(cancelling(held.turn().id()));
    acquire(held.turn().session(), AGENT);
    NextWork.Run lost = running(AGENT);
    done(cancelling(lost.turn().id()));
    pass(TTL);
    acquire(lost.turn().session(), AGENT);
    nowAndAfterReopen(() -> {
      assertEquals(Cancel.Stage.DELIVERED, cancel(held.turn()).stage());
      assertEquals(Cancel.Stage.DELIVERED, cancel(lost.turn()).stage());
    });
  }

  @Test
  @DisplayName("a request is durable, the first counts, and tells who brings it about (T-80, T-82)")
  void requests() {
    refused(Reason.TURN_NOT_FOUND, cancelling(new TurnId(999)));
    NextWork.Run here = running(HERE);
    NextWork.Run there = running(AGENT);
    assertEquals(Control.INLINE, done(cancelling(here.turn().id())).control());
    assertEquals(Control.DURABLE, done(cancelling(there.turn().id())).control());
    Cancel first = cancel(here.turn());
    pass(Duration.ofSeconds(1));
    nowAndAfterReopen(() -> {
      String before = read(StateText::of);
      assertEquals(first, done(cancelling(here.turn().id())).turn().cancel());
      assertEquals(before, read(StateText::of));
      assertEquals(new Cancel(START, null, null, null, null, null), first);
    });
    pass(TTL);
    assertEquals(Control.SETTLED, done(cancelling(there.turn().id())).control());
    var stranger = new CancelRules.Asking("somebody else", null, null);
    refused(Reason.TURN_NOT_FOUND,
        state -> CancelRules.request(state, here.turn().id(), stranger, HERE, now()));
  }

  @Test
  @DisplayName("whatever answers the holder next tells it, once; it acknowledges, and the end releases (T-83)")
  void stages() {
    for (int way = 0; way < 5; way++) {
      NextWork.Run run = running(AGENT);
      Turn turn = run.turn();
      refused(Reason.CANCEL_NOT_REQUESTED, acknowledging(run));
      done(cancelling(turn.id()));
      pass(Duration.ofSeconds(1));
      var told = now();
      tell(run, way);
      pass(Duration.ofSeconds(1));
      done(renewing(run.lease().fence()));
      assertEquals(new Cancel(told.minusSeconds(1), null, null, told, null, null), cancel(turn), "way " + way);
      var acknowledged = now();
      done(acknowledging(run));
      pass(Duration.ofSeconds(1));
      done(acknowledging(run));
      done(committing(cancelled(run)));
      nowAndAfterReopen(
          () -> assertEquals(new Cancel(told.minusSeconds(1), null, null, told, acknowledged, now()), cancel(turn)));
      refused(Reason.LEASE_EXPIRED, acknowledging(run));
    }
  }

  private void tell(NextWork.Run run, int way) {
    switch (way) {
      case 0 -> assertTrue(done(renewing(run.lease().fence())).cancel() != null);
      case 1 -> assertTrue(done(appending(run, 2)).cancel() != null);
      case 2 -> assertTrue(atCheckpoint(run, Boundary.AFTER_WORK).cancel() != null);
      case 3 -> done(committing(checkpoint(run, 1, "step", List.of())));
      default -> assertInstanceOf(NextWork.Settle.class, done(next(run.lease().fence(), null)));
    }
  }

  @Test
  @DisplayName("a turn between two attempts is cancelled without another, and a cancelled worker's turn is asked (T-84, W-22)")
  void betweenAttempts() {
    NextWork.Run run = running(AGENT);
    assertTrue(release(run.lease().fence()));
    assertEquals(Control.SETTLED, done(cancelling(run.turn().id())).control());
    settled(assertInstanceOf(NextWork.Settle.class, done(taking(run.turn().session(), HERE))));
    nowAndAfterReopen(() -> assertEquals(Cancel.Stage.RELEASED, cancel(run.turn()).stage()));

    NextWork.Run of = running(HERE);
    end(of.turn().session(), Ending.CANCEL);
    nowAndAfterReopen(() -> assertTrue(present(of.turn()).isCancelRequested()));
    NextWork.Run stopped = running(HERE);
    end(stopped.turn().session(), Ending.STOP);
    nowAndAfterReopen(() -> assertTrue(!present(stopped.turn()).isCancelRequested()));
  }

  @Test
  @DisplayName("a turn is settled by the node only when nobody holds its session, and never under its holder's hands (T-82)")
  void settledByNobodyElse() {
    NextWork.Run run = running(HERE);
    done(cancelling(run.turn().id()));
    assertInstanceOf(NextWork.None.class, done(settling(run, HERE)), "who runs the turn ends it, with what it has");
    refused(Reason.LEASE_BUSY, settling(run, ELSEWHERE));
    assertTrue(release(run.lease().fence()));
    settled(assertInstanceOf(NextWork.Settle.class, done(settling(run, HERE))));

    // A holder that hasn't asked for work yet holds the session all the same.
    NextWork.Run lost = running(AGENT);
    pass(TTL);
    acquire(lost.turn().session(), ELSEWHERE);
    assertEquals(Control.DURABLE, done(cancelling(lost.turn().id())).control());
  }

  private Rule<NextWork> settling(NextWork.Run run, Owner by) {
    return state -> WorkRules.settle(state, run.turn().session(), claimant(by), TURN_LIMITS, now());
  }
}
