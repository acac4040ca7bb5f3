package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in executor: drains sessions that have work, and settles what nobody else may go on with (spec T-57, T-62, T-63).
 * It holds a session's lease while it works there, renews it, and gives it back with the commit. A session whose trigger was
 * lost is found by the scan.
 */
public final class TurnExecutor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TurnExecutor.class);

  private final UnitsOfWork units;
  private final Models models;
  private final ModelGateway gateway;
  private final Node node;
  private final Owner owner;
  private final InstantSource clock;
  private final ExecutorSettings settings;
  private final Predicate<WorkerId> accepts;
  private final Slots slots;
  private final Settlements settlements;
  private final SessionScan sessions;
  // Two threads: renewals don't wait for a scan that has much to settle.
  private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2,
      Thread.ofPlatform().daemon().name("executor-timer-", 1).factory());

  /** What the executor needs of its node. */
  public record Node(Owner owner, Ids ids, InstantSource clock, Profiles profiles, NewsRoom news) {}

  /** @param accepts which sessions it works in; those of others are left alone */
  public TurnExecutor(UnitsOfWork units, Models models, ModelGateway gateway, Node node, ExecutorSettings settings,
      Predicate<WorkerId> accepts) {
    this.units = units;
    this.models = models;
    this.gateway = gateway;
    this.node = node;
    this.owner = node.owner();
    this.clock = node.clock();
    this.settings = settings;
    this.accepts = accepts;
    this.slots = new Slots(settings.maxRunningTurns(), this::drain);
    this.settlements = new Settlements(units, settings.limits(), clock, this::claimant, this::write);
    this.sessions = new SessionScan(units, clock, slots, this::trigger, this::settleIfDue);
  }

  /** Begins to take work, and takes over at once what an earlier start of this node left behind (spec T-3). */
  public void start() {
    slots.open();
    sessions.takeOver(owner);
    long scan = settings.scanEvery().toNanos();
    var _ = timer.scheduleWithFixedDelay(guarded(sessions::scan), 0, scan, TimeUnit.NANOSECONDS);
    long renew = settings.renewEvery().toNanos();
    var _ = timer.scheduleWithFixedDelay(guarded(() -> sessions.renewAll(settings.limits().leaseTtl())), renew, renew,
        TimeUnit.NANOSECONDS);
  }

  /** A failing scan or renewal must not end the ones to come. */
  static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("The executor could not look after its sessions: {}", reason(e));
      }
    };
  }

  /** Tells that a session of a built-in worker may have work. Cheap, and never too often. */
  public void trigger(WorkerId session) {
    if (accepts.test(session)) {
      slots.ask(session);
    }
  }

  /** This node's executor, as its leases name it. */
  public Owner owner() {
    return owner;
  }

  /** The same for a session of any worker; an external executor's has no place here (spec T-57). */
  void trigger(WorkerId session, Execution execution) {
    if (execution == Execution.BUILTIN) {
      trigger(session);
    }
  }

  /**
   * Ends the session's open turn on the caller's thread, if it must not go on and nobody holds it (spec T-60 row 1). What
   * can't be made durable now the scan will come to. Looking costs no write.
   */
  public void settleIfDue(WorkerId session) {
    if (accepts.test(session) && settlements.settleIfDue(session)) {
      lookAgain(session);
    }
  }

  /** Nobody holds the session any more: what is due is settled at once, and the built-in executor looks at its own. */
  void released(WorkerId session) {
    settleIfDue(session);
    lookAgain(session);
  }

  private void lookAgain(WorkerId session) {
    trigger(session, units.read(state -> state.worker(session).orElseThrow()).execution());
  }

  private Claimant claimant() {
    return new Claimant(owner, node.ids().hex(32), settings.limits().leaseTtl());
  }

  private Checkpoint checkpoint(WorkerId session) {
    return units.read(state -> state.session(session)).checkpoint();
  }

  private boolean drain(WorkerId session, Draining draining) {
    try {
      boolean more = true;
      while (more) {
        more = next(session, draining) && slots.mayGoOn(draining);
      }
    } catch (InterruptedException e) {
      handOver(draining);
    } catch (AttemptLostException e) {
      LOG.info("{}: the attempt is no longer ours: {}", session, e.getMessage());
    } catch (RuntimeException e) {
      LOG.warn("{}: the executor could not go on: {}", session, reason(e));
      return false;
    }
    return true;
  }

  /** @return whether to look again */
  private boolean next(WorkerId session, Draining draining) throws InterruptedException {
    Outcome<NextWork> outcome =
        units.write(state -> WorkRules.take(state, session, claimant(), settings.limits(), clock.instant()));
    if (outcome instanceof Outcome.Refused<NextWork>) {
      return false;
    }
    return switch (outcome.orThrow()) {
      case NextWork.None _ -> false;
      case NextWork.Apply command -> {
        commit(command.commit(checkpoint(session)));
        yield true;
      }
      case NextWork.Settle settle -> {
        commit(settle.commit(checkpoint(session)));
        yield true;
      }
      case NextWork.Run work -> {
        run(work, draining);
        yield true;
      }
    };
  }

  private void run(NextWork.Run work, Draining draining) throws InterruptedException {
    draining.holds(work.lease().fence());
    var run = new TurnRun(units, models, gateway, node, settings, work);
    try (var _ = new CancelWatch(units, node.news(), work, draining)) {
      end(work, run, draining);
    } catch (AttemptLostException e) {
      boolean ours = e.reason() == Reason.TURN_DEADLINE_EXCEEDED || e.reason() == Reason.CANCEL_OVERDUE;
      if (!ours) {
        throw e;
      }
      // The session is still ours: the next look at it settles the turn.
    }
    draining.letsGo();
  }

  private void end(NextWork.Run work, TurnRun run, Draining draining) throws InterruptedException {
    TurnCommit end;
    try {
      end = run.run();
    } catch (InterruptedException e) {
      if (!draining.takesCancel()) {
        throw e;
      }
      cancel(work, run);
      return;
    }
    if (write(end) instanceof Outcome.Refused<Stamp.Result> refused) {
      if (refused.reason() != Reason.CANCEL_WON) {
        throw new AttemptLostException(refused.reason());
      }
      cancel(work, run);
    }
  }

  /** The model call has ended, whoever ended it; what it had produced is kept (spec T-83). */
  private void cancel(NextWork.Run work, TurnRun run) {
    units.write(
        state -> CancelRules.acknowledge(state, work.lease().fence(), work.turn().id(), clock.instant()));
    commit(run.cancelled());
  }

  private void commit(TurnCommit commit) {
    if (write(commit) instanceof Outcome.Refused<Stamp.Result> refused) {
      throw new AttemptLostException(refused.reason());
    }
  }

  private Outcome<Stamp.Result> write(TurnCommit ready) {
    TurnCommit.Hashed commit = ready.hashed();
    try {
      return units.write(state -> CommitRules.commit(state, commit, clock.instant()));
    } catch (StoreException e) {
      if (e.reason() != Reason.OUTCOME_UNKNOWN) {
        throw e;
      }
      // The stamp makes the second try a replay if the first one was done.
      return units.write(state -> CommitRules.commit(state, commit, clock.instant()));
    }
  }

  /** Gives the session back, so that the next start goes on without waiting for the lease to expire. */
  private void handOver(Draining draining) {
    Fence fence = draining.held();
    if (fence == null) {
      return;
    }
    try {
      units.write(state -> SessionRules.release(state, fence, clock.instant()));
    } catch (RuntimeException e) {
      LOG.warn("{}: could not hand over: {}", fence.session(), reason(e));
    }
  }

  /** Whether no session is being drained or waits to be. */
  public boolean isIdle() {
    return slots.isIdle();
  }

  /** Takes nothing new, gives running turns so much time to end, and hands over those that are left. */
  public void drain(Duration grace) throws InterruptedException {
    slots.shut();
    if (!slots.awaitEmpty(grace)) {
      slots.all().forEach(Draining::handOver);
      slots.awaitEmpty(Duration.ofSeconds(5));
    }
  }

  private static String reason(RuntimeException e) {
    return e instanceof StoreException store ? store.reason().code() : e.getClass().getSimpleName();
  }

  /** Hands over at once. */
  @Override
  public void close() {
    timer.shutdownNow();
    try {
      drain(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
