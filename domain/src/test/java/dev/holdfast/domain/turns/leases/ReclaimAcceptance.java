package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.KernelSuite;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.LeaseRules.Observed;
import dev.holdfast.domain.turns.leases.Liveness.LocalProcess;
import dev.holdfast.domain.turns.leases.Liveness.Opaque;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Taking the place of a holder that died, and clocks that jump, as spec turns §19 wants it of every backend. */
public abstract class ReclaimAcceptance extends KernelSuite {
  private static final LocalProcess DEAD = new LocalProcess("host", "boot", 4711, "then");
  private static final LocalProcess LIVING = new LocalProcess("host", "boot", 4712, "then");
  private static final Observed SEEN = new Observed(AGENT.id(), AGENT.incarnation(), 1);

  /** The host's processes: what it shows for the holder's pid. */
  private record Table(String hostId, String bootId, ProcessTable.Look shown) implements ProcessTable {
    @Override
    public Look look(long pid) {
      return pid == DEAD.pid() ? shown : new Present("then");
    }
  }

  private static final ProcessTable GONE = new Table("host", "boot", new ProcessTable.Missing());

  private Claimant claimant(Owner owner, Liveness liveness) {
    return new Claimant(owner, liveness, ids().hex(32), TURN_LIMITS.leaseTtl());
  }

  private Rule<Lease.Held> acquiring(WorkerId session, Claimant by) {
    return state -> SessionRules.acquire(state, session, by, now());
  }

  private Rule<Lease.Held> reclaiming(WorkerId session, Observed observed, Claimant by, ProcessTable processes) {
    return state -> SessionRules.reclaim(state, session, observed, by, processes, now());
  }

  private List<Event> acquired(WorkerId worker) {
    return read(state -> state.events(1, 1000, worker)).stream()
        .filter(event -> event.name() == EventName.LEASE_ACQUIRED).toList();
  }

  @Test
  @DisplayName("T-A12 (reclaim) two reclaimers race for a dead holder's place: one winner")
  void reclaimersRace() throws Exception {
    for (int round = 0; round < 10; round++) {
      WorkerId session = worker();
      done(acquiring(session, claimant(AGENT, DEAD)));
      List<Callable<Outcome<Lease.Held>>> racers = new ArrayList<>();
      for (Owner owner : List.of(OTHER_AGENT, new Owner("key-3:agent", "a"))) {
        Rule<Lease.Held> reclaiming = reclaiming(session, SEEN, claimant(owner, LIVING), GONE);
        racers.add(() -> write(reclaiming));
      }
      List<Outcome<Lease.Held>> outcomes = new ArrayList<>();
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Outcome<Lease.Held>> outcome : threads.invokeAll(racers)) {
          outcomes.add(outcome.get());
        }
      }
      List<Lease.Held> won = outcomes.stream().filter(Outcome.Done.class::isInstance).map(Outcome::orThrow).toList();
      assertEquals(1, won.size());
      assertEquals(2, won.getFirst().generation());
      Outcome<Lease.Held> lost = outcomes.stream().filter(Outcome.Refused.class::isInstance).findFirst().orElseThrow();
      assertEquals(won.getFirst().fence().owner().id(), refusal(Reason.LEASE_BUSY, lost).facts().get("holder"));
      nowAndAfterReopen(() -> assertEquals(won.getFirst(), held(session)));
    }
  }

  @Test
  @DisplayName("T-A9 (turn) a reclaim loses the dead holder's attempt, and the turn goes on under the new generation")
  void turnGoesOn() {
    WorkerId session = worker();
    send(session, "hello");
    done(acquiring(session, claimant(AGENT, DEAD)));
    Fence dead = held(session).fence();
    NextWork.Run run = run(dead);
    Lease.Held lease = done(reclaiming(session, SEEN, claimant(OTHER_AGENT, LIVING), GONE));

    nowAndAfterReopen(() -> {
      assertEquals(LIVING, held(session).liveness());
      assertEquals(Attempt.EndedBy.LOST,
          Objects.requireNonNull(present(run.turn()).lastAttempt().end()).by());
      assertEquals(List.of("claim", "reclaim"), acquired(session).stream()
          .map(event -> event.data().text().contains("reclaim") ? "reclaim" : "claim").toList());
      assertEquals("holder_dead", read(state -> state.events(1, 1000, session)).stream()
          .filter(event -> event.name() == EventName.TURN_ATTEMPT_LOST).findFirst().orElseThrow().data().members()
          .get("why"));
      refused(Reason.LEASE_EXPIRED, committing(completing(run, "too late")));
      refused(Reason.LEASE_BUSY, reclaiming(session, SEEN, claimant(HERE, LIVING), GONE));
    });
    NextWork.Run again = run(lease.fence());
    assertEquals(2, again.turn().lastAttempt().number());
    done(committing(completing(again, "an answer")));
  }

  @Test
  @DisplayName("T-A14 (dead) opaque, other boot, other host, unreadable table, another claimant's host: never dead")
  void neverDead() {
    var otherBoot = new Table("host", "boot-2", new ProcessTable.Missing());
    var otherHost = new Table("host-2", "boot", new ProcessTable.Missing());
    var unreadable = new Table("host", "boot", new ProcessTable.Unreadable());
    var running = new Table("host", "boot", new ProcessTable.Present("then"));
    var elsewhere = new LocalProcess("host-2", "boot", 4712, "then");
    var rebooted = new LocalProcess("host", "boot-2", 4712, "then");
    record Case(Liveness holder, Liveness claimant, ProcessTable processes) {}
    for (Case never : List.of(new Case(new Opaque(), LIVING, GONE), new Case(DEAD, new Opaque(), GONE),
        new Case(DEAD, LIVING, otherBoot), new Case(DEAD, LIVING, otherHost), new Case(DEAD, LIVING, unreadable),
        new Case(DEAD, LIVING, running), new Case(DEAD, elsewhere, GONE), new Case(DEAD, rebooted, GONE),
        new Case(DEAD, elsewhere, otherHost), new Case(DEAD, rebooted, otherBoot),
        new Case(DEAD, LIVING, ProcessTable.UNKNOWN))) {
      WorkerId session = worker();
      done(acquiring(session, claimant(AGENT, never.holder())));
      assertEquals(AGENT.id(),
          refused(Reason.LEASE_BUSY, reclaiming(session, SEEN, claimant(OTHER_AGENT, never.claimant()),
              never.processes())).facts().get("holder"),
          never.toString());
      // Time does what no proof can.
      pass(TURN_LIMITS.leaseTtl());
      assertEquals(2, done(reclaiming(session, SEEN, claimant(OTHER_AGENT, never.claimant()), never.processes()))
          .generation());
    }
  }

  @Test
  @DisplayName("T-A14 (pid) a pid that is given again is another process, so its holder is dead")
  void pidGivenAgain() {
    WorkerId session = worker();
    done(acquiring(session, claimant(AGENT, DEAD)));
    var again = new Table("host", "boot", new ProcessTable.Present("now"));
    assertEquals(2, done(reclaiming(session, SEEN, claimant(OTHER_AGENT, LIVING), again)).generation());
  }

  @Test
  @DisplayName("T-A9 (observation) another observation than the present holder reclaims nothing, dead or not")
  void otherObservation() {
    WorkerId session = worker();
    done(acquiring(session, claimant(AGENT, DEAD)));
    for (Observed other : List.of(new Observed(AGENT.id(), AGENT.incarnation(), 0),
        new Observed(AGENT.id(), AGENT.incarnation(), 2), new Observed(AGENT.id(), "b", 1),
        new Observed(OTHER_AGENT.id(), AGENT.incarnation(), 1))) {
      assertEquals(AGENT.id(), refused(Reason.LEASE_BUSY,
          reclaiming(session, other, claimant(OTHER_AGENT, LIVING), GONE)).facts().get("holder"));
    }
    refused(Reason.LEASE_BUSY, reclaiming(session, SEEN, claimant(AGENT, LIVING), GONE));
    assertTrue(release(held(session).fence()));
    // Where nobody lives, what was observed isn't asked for.
    assertEquals(2, done(reclaiming(session, new Observed("nobody", "x", 77), claimant(OTHER_AGENT, new Opaque()),
        ProcessTable.UNKNOWN)).generation());
  }

  @Test
  @DisplayName("T-A42 (clock) a clock set back a day over a restart lengthens no lease and takes none away")
  void clockSetBack() {
    WorkerId session = worker();
    Fence fence = acquire(session, AGENT);
    WorkerId free = worker();
    pass(Duration.ofDays(-1));
    clampAll(List.of(session, free));

    nowAndAfterReopen(() -> {
      assertEquals(now().plus(TURN_LIMITS.leaseTtl()), held(session).expiresAt());
      assertEquals(fence, held(session).fence());
      refused(Reason.LEASE_BUSY, acquiring(session, claimant(OTHER_AGENT)));
      assertEquals(new Lease.Free(free, 0), read(state -> state.lease(free)));
    });
    renew(fence);
    pass(TURN_LIMITS.leaseTtl());
    assertEquals(2, acquire(session, OTHER_AGENT).generation());
  }

  @Test
  @DisplayName("T-A42 (clock) a clock set forward a day over a restart ends leases, and what it ended begins anew")
  void clockSetForward() {
    WorkerId session = worker();
    send(session, "hello");
    NextWork.Run run = take(session, AGENT);
    pass(Duration.ofDays(1));
    clampAll(List.of(session));

    nowAndAfterReopen(() -> assertTrue(!held(session).isLiveAt(now())));
    refused(Reason.LEASE_EXPIRED,
        state -> SessionRules.renew(state, run.lease().fence(), TURN_LIMITS.leaseTtl(), now()));
    // The lease's own holder comes first as well as anybody; the deadline passed with the day.
    assertInstanceOf(NextWork.Settle.class, done(taking(session, AGENT)));
  }

  private void clampAll(List<WorkerId> sessions) {
    if (isDurable()) {
      reopenStore();
    }
    sessions.forEach(session -> done(state -> SessionRules.clamp(state, session, now())));
  }
}
