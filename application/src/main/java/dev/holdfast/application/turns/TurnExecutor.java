package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.application.relay.Models;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.relay.ModelGateway;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.commits.CommitRules;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.commits.TurnCommit;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.profiles.Profiles;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in executor: drains sessions that have work, each on a virtual thread of its own, so many at once as the
 * settings say (spec T-57, T-62, T-63). It holds a session's lease while it works there, renews it, and gives it back with
 * the commit. A session whose trigger was lost is found by the scan.
 */
public final class TurnExecutor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TurnExecutor.class);
  private static final int SCAN_PAGE = 256;

  private final UnitsOfWork units;
  private final Models models;
  private final ModelGateway gateway;
  private final Node node;
  private final Owner owner;
  private final Ids ids;
  private final InstantSource clock;
  private final ExecutorSettings settings;
  private final Predicate<WorkerId> accepts;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
      Thread.ofPlatform().daemon().name("executor-timer").factory());

  // Guarded by this.
  private final Map<WorkerId, Draining> active = new HashMap<>();
  private final Queue<WorkerId> waiting = new ArrayDeque<>();
  private final Set<WorkerId> waitingSet = new HashSet<>();
  private boolean taking;

  /** What the executor needs of its node. */
  public record Node(Owner owner, Ids ids, InstantSource clock, Profiles profiles) {}

  /** @param accepts which sessions it works in; those of others are left alone */
  public TurnExecutor(UnitsOfWork units, Models models, ModelGateway gateway, Node node, ExecutorSettings settings,
      Predicate<WorkerId> accepts) {
    this.units = units;
    this.models = models;
    this.gateway = gateway;
    this.node = node;
    this.owner = node.owner();
    this.ids = node.ids();
    this.clock = node.clock();
    this.settings = settings;
    this.accepts = accepts;
  }

  /** Begins to take work, and takes over at once what an earlier start of this node left behind (spec T-3). */
  public void start() {
    synchronized (this) {
      taking = true;
    }
    takeOver();
    long scan = settings.scanEvery().toNanos();
    var _ = timer.scheduleWithFixedDelay(guarded(this::scan), 0, scan, TimeUnit.NANOSECONDS);
    long renew = settings.renewEvery().toNanos();
    var _ = timer.scheduleWithFixedDelay(guarded(this::renewAll), renew, renew, TimeUnit.NANOSECONDS);
  }

  private void takeOver() {
    long after = 0;
    while (true) {
      long from = after;
      List<Lease.Held> held = units.read(state -> state.leasesHeldBy(owner.id(), from, SCAN_PAGE));
      held.stream().filter(lease -> owner.succeeds(lease.fence().owner())).forEach(l -> takeOver(l.session()));
      if (held.size() < SCAN_PAGE) {
        return;
      }
      after = held.getLast().session().number();
    }
  }

  private void takeOver(WorkerId session) {
    trigger(session);
    boolean waits;
    synchronized (this) {
      waits = !active.containsKey(session);
    }
    if (waits) {
      units.write(state -> SessionRules.freeDead(state, session, owner, clock.instant()));
    }
  }

  private void scan() {
    scan(Workable.BUILTIN);
    scan(Workable.EXTERNAL_OPEN);
  }

  private void scan(Workable which) {
    long after = 0;
    while (true) {
      long from = after;
      List<WorkerId> found = units.read(state -> state.workableSessions(which, clock.instant(), from, SCAN_PAGE));
      found.forEach(this::trigger);
      if (found.size() < SCAN_PAGE) {
        return;
      }
      after = found.getLast().number();
    }
  }

  /** A failing scan or renewal must not end the ones to come. */
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("The executor could not look after its sessions: {}", reason(e));
      }
    };
  }

  /** Tells that a session may have work. Cheap, and never too often. */
  public synchronized void trigger(WorkerId session) {
    if (!taking || !accepts.test(session)) {
      return;
    }
    Draining present = active.get(session);
    if (present != null) {
      present.askAgain();
    } else if (active.size() < settings.maxRunningTurns()) {
      begin(session);
    } else {
      queue(session);
    }
  }

  private void queue(WorkerId session) {
    if (waitingSet.add(session)) {
      waiting.add(session);
    }
  }

  /** Whether a session that has just ended a turn may begin another: not while the node drains or others wait. */
  private synchronized boolean goesOn(Draining draining) {
    if (!waiting.isEmpty()) {
      draining.askAgain();
    }
    return taking && waiting.isEmpty();
  }

  private void begin(WorkerId session) {
    var draining = new Draining();
    active.put(session, draining);
    draining.start(Thread.ofVirtual().name("turns-" + session).unstarted(() -> drain(session, draining)));
  }

  private void drain(WorkerId session, Draining draining) {
    boolean failed = false;
    try {
      boolean more = true;
      while (more) {
        more = next(session, draining) && goesOn(draining);
      }
    } catch (InterruptedException e) {
      handOver(draining);
    } catch (AttemptLostException e) {
      LOG.info("{}: the attempt is no longer ours: {}", session, e.getMessage());
    } catch (RuntimeException e) {
      failed = true;
      LOG.warn("{}: the executor could not go on: {}", session, reason(e));
    } finally {
      ended(session, draining, failed);
    }
  }

  /** @return whether to look again */
  private boolean next(WorkerId session, Draining draining) throws InterruptedException {
    Outcome<NextWork> outcome = units.write(
        state -> WorkRules.take(state, session, claimant(), settings.limits(), clock.instant()));
    if (outcome instanceof Outcome.Refused<NextWork>) {
      return false;
    }
    return switch (outcome.orThrow()) {
      case NextWork.None _ -> false;
      case NextWork.Apply command -> {
        commit(command.commit(units.read(state -> state.session(session)).checkpoint()));
        yield true;
      }
      case NextWork.Settle settle -> {
        commit(settle.commit(units.read(state -> state.session(session)).checkpoint()));
        yield true;
      }
      case NextWork.Run work -> {
        run(work, draining);
        yield true;
      }
    };
  }

  private Claimant claimant() {
    return new Claimant(owner, ids.hex(32), settings.limits().leaseTtl());
  }

  private void run(NextWork.Run work, Draining draining) throws InterruptedException {
    draining.holds(work.lease().fence());
    try {
      commit(new TurnRun(units, models, gateway, node, settings, work).run());
    } catch (AttemptLostException e) {
      if (e.reason() != Reason.TURN_DEADLINE_EXCEEDED) {
        throw e;
      }
      // The session is still ours: the next look at it settles the turn.
    }
    draining.letsGo();
  }

  private void commit(TurnCommit commit) {
    Outcome<Stamp.Result> outcome;
    try {
      outcome = units.write(state -> CommitRules.commit(state, commit, clock.instant()));
    } catch (StoreException e) {
      if (e.reason() != Reason.OUTCOME_UNKNOWN) {
        throw e;
      }
      // The stamp makes the second try a replay if the first one was done.
      outcome = units.write(state -> CommitRules.commit(state, commit, clock.instant()));
    }
    if (outcome instanceof Outcome.Refused<Stamp.Result> refused) {
      throw new AttemptLostException(refused.reason());
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

  private synchronized void ended(WorkerId session, Draining draining, boolean failed) {
    active.remove(session);
    // After a failure the scan comes back to the session, not at once.
    if (taking && draining.isAskedAgain() && !failed) {
      queue(session);
    }
    while (taking && !waiting.isEmpty() && active.size() < settings.maxRunningTurns()) {
      WorkerId next = waiting.remove();
      waitingSet.remove(next);
      if (!active.containsKey(next)) {
        begin(next);
      }
    }
    notifyAll();
  }

  private void renewAll() {
    List<Draining> held;
    synchronized (this) {
      held = new ArrayList<>(active.values());
    }
    for (Draining draining : held) {
      Fence fence = draining.held();
      if (fence != null) {
        // One session that can't be renewed must not keep the others from it.
        guarded(() -> renew(draining, fence)).run();
      }
    }
  }

  /** Whoever lost the session stops producing. */
  private void renew(Draining draining, Fence fence) {
    Outcome<SessionRules.Renewed> renewed =
        units.write(state -> SessionRules.renew(state, fence, settings.limits().leaseTtl(), clock.instant()));
    if (renewed instanceof Outcome.Refused<?>) {
      draining.interruptIf(fence);
    }
  }

  /** Whether no session is being drained or waits to be. */
  public synchronized boolean isIdle() {
    return active.isEmpty() && waiting.isEmpty();
  }

  /** Takes nothing new, gives running turns so much time to end, and hands over those that are left. */
  public void drain(Duration grace) throws InterruptedException {
    synchronized (this) {
      taking = false;
      waiting.clear();
      waitingSet.clear();
    }
    if (!awaitIdle(grace)) {
      synchronized (this) {
        active.values().forEach(Draining::interrupt);
      }
      awaitIdle(Duration.ofSeconds(5));
    }
  }

  private synchronized boolean awaitIdle(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!active.isEmpty()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
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
