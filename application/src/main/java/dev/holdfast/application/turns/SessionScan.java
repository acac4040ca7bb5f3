package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Finds the sessions that the built-in executor has to look at though nobody told it of them, and keeps those that it has. */
final class SessionScan {
  private static final int PAGE = 256;

  private final UnitsOfWork units;
  private final InstantSource clock;
  private final Slots slots;
  private final Consumer<WorkerId> found;
  private final Consumer<WorkerId> open;

  /**
   * @param found told of every session that may have work
   * @param open told of every session with an open turn that nobody holds, which may have to be settled
   */
  SessionScan(UnitsOfWork units, InstantSource clock, Slots slots, Consumer<WorkerId> found, Consumer<WorkerId> open) {
    this.units = units;
    this.clock = clock;
    this.slots = slots;
    this.found = found;
    this.open = open;
  }

  /**
   * To be called once, at a start. Goes on with what earlier starts of {@code owner} held when they died; what has to wait for
   * its place is freed. While no node ran the wall clock may have been set back; no lease lives longer for it.
   */
  void takeOver(Owner owner) {
    long after = 0;
    while (true) {
      long from = after;
      List<Lease.Held> held = units.read(state -> state.leases(from, PAGE));
      for (Lease.Held lease : held) {
        if (lease.expiresAt().isAfter(clock.instant().plus(lease.ttl()))) {
          units.write(state -> SessionRules.clamp(state, lease.session(), clock.instant()));
        }
        if (owner.succeeds(lease.fence().owner())) {
          takeOver(owner, lease.session());
        }
      }
      if (held.size() < PAGE) {
        return;
      }
      after = held.getLast().session().number();
    }
  }

  private void takeOver(Owner owner, WorkerId session) {
    found.accept(session);
    if (!slots.isActive(session)) {
      units.write(state -> SessionRules.freeDead(state, session, owner, clock.instant()));
    }
  }

  /**
   * Sessions with work and no live lease, and open turns that may have to be settled, whoever's worker it is (spec T-63).
   * Those first: what needs no model doesn't wait for a place behind what does.
   */
  void scan() {
    scan(Workable.BUILTIN_OPEN, open);
    scan(Workable.EXTERNAL_OPEN, open);
    scan(Workable.BUILTIN, found);
  }

  private void scan(Workable which, Consumer<WorkerId> told) {
    long after = 0;
    while (true) {
      long from = after;
      List<WorkerId> sessions = units.read(state -> state.workableSessions(which, clock.instant(), from, PAGE));
      sessions.forEach(told);
      if (sessions.size() < PAGE) {
        return;
      }
      after = sessions.getLast().number();
    }
  }

  /** Whoever has lost a session stops producing (spec T-10). */
  void renewAll(Duration ttl) {
    for (Draining draining : slots.all()) {
      Fence fence = draining.held();
      if (fence != null) {
        // One session that can't be renewed must not keep the others from it.
        TurnExecutor.guarded(() -> renew(draining, fence, ttl)).run();
      }
    }
  }

  private void renew(Draining draining, Fence fence, Duration ttl) {
    Outcome<SessionRules.Renewed> renewed =
        units.write(state -> SessionRules.renew(state, fence, ttl, clock.instant()));
    if (renewed instanceof Outcome.Refused<?>) {
      draining.interruptIf(fence);
    }
  }
}
