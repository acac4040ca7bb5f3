package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.TurnReads.Workable;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Owner;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** Finds the sessions that the built-in executor has to look at though nobody told it of them. */
final class SessionScan {
  private static final int PAGE = 256;

  private final UnitsOfWork units;
  private final InstantSource clock;
  private final Slots slots;
  private final Consumer<WorkerId> found;

  /** @param found told of every session that may have work */
  SessionScan(UnitsOfWork units, InstantSource clock, Slots slots, Consumer<WorkerId> found) {
    this.units = units;
    this.clock = clock;
    this.slots = slots;
    this.found = found;
  }

  /** While no node ran the wall clock may have been set back; no lease lives longer for it. */
  void clampLeases() {
    long after = 0;
    while (true) {
      long from = after;
      List<Lease.Held> held = units.read(state -> state.leases(from, PAGE));
      held.stream().filter(lease -> lease.expiresAt().isAfter(clock.instant().plus(lease.ttl()))).forEach(
          lease -> units.write(state -> SessionRules.clamp(state, lease.session(), clock.instant())));
      if (held.size() < PAGE) {
        return;
      }
      after = held.getLast().session().number();
    }
  }

  /** Goes on with what earlier starts of {@code owner} held when they died; what has to wait for its place is freed. */
  void takeOver(Owner owner) {
    long after = 0;
    while (true) {
      long from = after;
      List<Lease.Held> held = units.read(state -> state.leasesHeldBy(owner.id(), from, PAGE));
      held.stream().filter(lease -> owner.succeeds(lease.fence().owner()))
          .forEach(lease -> takeOver(owner, lease.session()));
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

  /** Sessions with work and no live lease, and open turns of external workers that may have to be settled (spec T-63). */
  void scan() {
    scan(Workable.BUILTIN);
    scan(Workable.EXTERNAL_OPEN);
  }

  private void scan(Workable which) {
    long after = 0;
    while (true) {
      long from = after;
      List<WorkerId> sessions = units.read(state -> state.workableSessions(which, clock.instant(), from, PAGE));
      sessions.forEach(found);
      if (sessions.size() < PAGE) {
        return;
      }
      after = sessions.getLast().number();
    }
  }
}
