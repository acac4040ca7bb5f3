package dev.holdfast.domain.turns.cancels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.cancels.CancelRules.Control;
import dev.holdfast.domain.turns.claims.ClaimRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A cancel and a turn's own end, in every order, as spec turns §19 wants it of every backend. */
public abstract class CancelRaceAcceptance extends KernelSuite {
  private static final int SCHEDULES = 1_000;

  private NextWork.Run running(Owner owner) {
    var worker = worker();
    send(worker, "hello");
    return take(worker, owner);
  }

  @Test
  @DisplayName("T-A35 cancel vs completion race, 1 000 schedules: exactly one of cancelled / completion_won; stamps ordered;"
      + " slot free at released")
  void race() throws Exception {
    long seed = Long.getLong("holdfast.seed", 20_260_102);
    openRuntime();
    List<Callable<Boolean>> schedules = new ArrayList<>();
    for (int i = 0; i < SCHEDULES; i++) {
      long own = seed + i;
      schedules.add(() -> new Schedule(own).play());
    }
    int cancelled = 0;
    // Many at once, so that the store writes them together; each has its own session and its own order.
    try (var threads = Executors.newFixedThreadPool(64, Thread.ofVirtual().factory())) {
      for (Future<Boolean> played : threads.invokeAll(schedules)) {
        cancelled += played.get() ? 1 : 0;
      }
    }
    assertTrue(cancelled > SCHEDULES / 4 && cancelled < SCHEDULES, "both happen: " + cancelled);
  }

  /** The holder works through its steps, and somewhere among them or behind them a user asks to cancel. */
  private final class Schedule {
    private final long seed;
    private final SplittableRandom random;
    private final NextWork.Run run;
    private Instant time = now();
    private long seq = 2;

    Schedule(long seed) {
      this.seed = seed;
      this.random = new SplittableRandom(seed);
      this.run = running(random.nextBoolean() ? HERE : AGENT);
    }

    boolean play() {
      try {
        int steps = random.nextInt(1, 4);
        int asked = random.nextInt(steps + 2);
        Outcome<CancelRules.Requested> request = Outcome.refused(Reason.INTERNAL);
        for (int step = 0; step <= steps + 1; step++) {
          passSome();
          if (step == asked) {
            request = write(cancelling());
          }
          if (step < steps) {
            work();
          } else if (step == steps) {
            end();
          }
        }
        return judged(request);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("-Dholdfast.seed=" + seed + ": " + e.getMessage(), e);
      }
    }

    private void passSome() {
      time = time.plusMillis(random.nextInt(3));
    }

    private Rule<CancelRules.Requested> cancelling() {
      Instant at = time;
      return state -> CancelRules.request(
          state, run.turn().id(), new CancelRules.Asking(null, null, null), HERE, at);
    }

    private void work() {
      Fence fence = run.lease().fence();
      List<OutputPayload> delta = List.of(new OutputPayload.Delta(OutputPayload.Channel.TEXT, "x"));
      switch (random.nextInt(3)) {
        case 0 ->
          seq = done(state -> AppendRules.append(state, fence, run.turn().id(), 1, seq, delta, time)).lastSeq() + 1;
        case 1 -> done(state -> SessionRules.renew(state, fence, TURN_LIMITS.leaseTtl(), time));
        default -> done(state -> ClaimRules.atCheckpoint(state, new ClaimRules.Holder(fence, "token"), run.turn().id(),
            1, Boundary.AFTER_WORK, TURN_LIMITS, time));
      }
    }

    /** Like every holder, it ends its turn as it meant to, or as it was asked to when that came first. */
    private void end() {
      Outcome<Stamp.Result> ended = write(committing(completing(run, "an answer")));
      if (ended instanceof Outcome.Refused<Stamp.Result> refused) {
        assertEquals(Reason.CANCEL_WON, refused.reason());
        passSome();
        if (random.nextBoolean()) {
          done(state -> CancelRules.acknowledge(state, run.lease().fence(), run.turn().id(), time));
        }
        passSome();
        done(committing(cancelled(run)));
      }
    }

    private Rule<Stamp.Result> committing(TurnCommit commit) {
      return state -> CommitRules.commit(state, commit, time);
    }

    private boolean judged(Outcome<CancelRules.Requested> request) {
      Turn turn = present(run.turn());
      var end = assertInstanceOf(Turn.State.Ended.class, turn.state());
      boolean cancelled = end.outcome() instanceof TurnOutcome.Cancelled;
      if (cancelled) {
        assertInstanceOf(Outcome.Done.class, request);
        assertOrdered(Objects.requireNonNull(turn.cancel()), end.at());
        assertEquals(Control.SETTLED, done(cancelling()).control(), "asked again");
      } else {
        refusal(Reason.COMPLETION_WON, request);
        assertEquals(null, turn.cancel());
      }
      assertEquals(1, output(turn).stream().filter(line -> line.payload() instanceof OutputPayload.End).count());
      assertEquals(new Lease.Free(turn.session(), 1), read(state -> state.lease(turn.session())));
      assertEquals(null, read(state -> state.session(turn.session())).openTurn());
      return cancelled;
    }

    private void assertOrdered(Cancel cancel, Instant endedAt) {
      List<Instant> stamps =
          Stream.of(cancel.requestedAt(), cancel.deliveredAt(), cancel.acknowledgedAt(), cancel.releasedAt())
              .filter(Objects::nonNull).toList();
      assertEquals(stamps.stream().sorted().toList(), stamps);
      assertEquals(endedAt, cancel.releasedAt());
    }
  }

  @Test
  @DisplayName("T-A35 (threads) a cancel and a completion that race: one of them wins, and the other is told")
  void raceOfThreads() throws Exception {
    for (int round = 0; round < 50; round++) {
      NextWork.Run run = running(HERE);
      Rule<CancelRules.Requested> cancelling = cancelling(run.turn().id());
      Rule<Stamp.Result> completing = committing(completing(run, "an answer"));
      List<Callable<Outcome<?>>> racers = List.of(() -> write(cancelling), () -> write(completing));
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Outcome<?>>> outcomes = threads.invokeAll(racers);
        Outcome<?> asked = outcomes.getFirst().get();
        Outcome<?> ended = outcomes.getLast().get();
        if (ended instanceof Outcome.Done) {
          refusal(Reason.COMPLETION_WON, asked);
        } else {
          refusal(Reason.CANCEL_WON, ended);
          assertInstanceOf(Outcome.Done.class, asked);
          done(committing(cancelled(run)));
        }
      }
    }
  }
}
