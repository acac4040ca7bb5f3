package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.SessionRules;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Holding a session, as spec turns §19 wants it of every backend. */
public abstract class LeaseAcceptance extends StoreSuite {
  private static final Owner ONE = new Owner("key-1:agent", "a");
  private static final Owner ONE_ELSEWHERE = new Owner("key-1:agent", "b");
  private static final Owner TWO = new Owner("key-2:agent", "a");

  private WorkerId waiting() {
    WorkerId worker = worker();
    send(worker, "hello");
    return worker;
  }

  /** All try at once to take the session. */
  private List<Outcome<NextWork>> race(WorkerId session, List<Owner> owners) throws Exception {
    List<Callable<Outcome<NextWork>>> racers = new ArrayList<>();
    for (Owner owner : owners) {
      Rule<NextWork> taking = taking(session, owner);
      racers.add(() -> write(taking));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Outcome<NextWork>> outcomes = new ArrayList<>();
      for (Future<Outcome<NextWork>> outcome : threads.invokeAll(racers)) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    }
  }

  private void assertOneWinner(WorkerId session, long generation, List<Owner> owners) throws Exception {
    List<Outcome<NextWork>> outcomes = race(session, owners);

    List<NextWork> won = outcomes.stream().filter(Outcome.Done.class::isInstance).map(Outcome::orThrow).toList();
    assertEquals(1, won.size());
    Lease.Held held = ((NextWork.Run) won.getFirst()).lease();
    assertEquals(generation, held.generation());
    outcomes.stream().filter(outcome -> !(outcome instanceof Outcome.Done)).forEach(outcome -> assertEquals(
        held.fence().owner().id(), refusal(Reason.LEASE_BUSY, outcome).facts().get("holder")));
    nowAndAfterReopen(() -> assertEquals(held, held(session)));
  }

  @Test
  @DisplayName("T-A12 two handles race for the first acquire: one winner; two reclaimers: one winner")
  void races() throws Exception {
    for (int round = 0; round < 10; round++) {
      WorkerId session = waiting();
      assertOneWinner(session, 1, List.of(ONE, TWO));
      pass(TURN_LIMITS.leaseTtl());
      assertOneWinner(session, 2, List.of(ELSEWHERE, HERE));
    }
  }

  @Test
  @DisplayName("two starts of one node that race to succeed a dead one: the later holds it in the end")
  void succession() throws Exception {
    WorkerId session = waiting();
    take(session, HERE);

    race(session, List.of(HERE_AGAIN, Owner.builtin("node-a", 3)));

    assertEquals("3", held(session).fence().owner().incarnation());
  }

  @Test
  @DisplayName("T-A13 same owner other incarnation busy; same incarnation same token and generation; after expiry"
      + " generation + 1")
  void incarnations() {
    WorkerId session = waiting();
    NextWork.Run run = take(session, ONE);
    assertEquals(1, run.lease().generation());

    nowAndAfterReopen(() -> {
      assertEquals(ONE.id(), refused(Reason.LEASE_BUSY, taking(session, ONE_ELSEWHERE)).facts().get("holder"));
      refused(Reason.LEASE_BUSY, taking(session, TWO));
    });
    pass(Duration.ofSeconds(10));
    NextWork.Run again = take(session, ONE);
    assertEquals(run.lease().fence(), again.lease().fence());
    assertEquals(run.lease().claimedAt(), again.lease().claimedAt());
    assertEquals(now().plus(TURN_LIMITS.leaseTtl()), again.lease().expiresAt());

    pass(TURN_LIMITS.leaseTtl());
    NextWork.Run later = take(session, ONE);
    assertEquals(2, later.lease().generation());
    assertNotEquals(run.lease().fence().token(), later.lease().fence().token());
  }

  @Test
  @DisplayName("T-A14 release with a stale fence leaves the new lease; fence of another session refused; zero ttl;"
      + " opaque and other nodes' owners never dead")
  void fences() {
    WorkerId session = waiting();
    NextWork.Run old = take(session, ONE);
    pass(TURN_LIMITS.leaseTtl());
    NextWork.Run present = take(session, TWO);

    nowAndAfterReopen(() -> {
      String before = read(StateText::of);
      assertEquals(false, done(state -> SessionRules.release(state, old.lease().fence(), now())));
      assertEquals(before, read(StateText::of));
      refused(Reason.LEASE_EXPIRED,
          state -> SessionRules.renew(state, old.lease().fence(), TURN_LIMITS.leaseTtl(), now()));
    });
    WorkerId other = waiting();
    Fence foreign = take(other, TWO).lease().fence();
    refusal(Reason.SESSION_BINDING_MISMATCH,
        LeaseRules.validate(read(state -> state.lease(session)), foreign, now()));
    assertEquals(present.lease(), held(session));

    // Opaque owners, other nodes' and this node's own later starts are not taken over while they live.
    for (Owner living : List.of(ONE, ELSEWHERE, HERE_AGAIN)) {
      WorkerId worker = waiting();
      take(worker, living);
      refused(Reason.LEASE_BUSY, taking(worker, HERE));
    }
  }

  @Test
  @DisplayName("T-A14 (zero ttl) a lease of no time is expired at once, and the next owner gets the next generation")
  void zeroTtl() {
    WorkerId session = waiting();
    var none = new TurnLimits(Duration.ZERO, 64, TURN_LIMITS.turnDeadline(), 3);
    done(state -> WorkRules.take(state, session, new Claimant(ONE, "token", Duration.ZERO), none, now()));

    assertTrue(!held(session).isLiveAt(now()));
    Fence expired = held(session).fence();
    refused(Reason.LEASE_EXPIRED, state -> SessionRules.renew(state, expired, TURN_LIMITS.leaseTtl(), now()));
    assertEquals(2, take(session, TWO).lease().generation());
  }

  @Test
  @DisplayName("a renewal moves the expiry, keeps token and generation, and is no event")
  void renewal() {
    WorkerId session = waiting();
    NextWork.Run run = take(session, ONE);
    long events = read(state -> state.lastEventId());
    pass(Duration.ofSeconds(10));

    Lease.Held renewed =
        done(state -> SessionRules.renew(state, run.lease().fence(), TURN_LIMITS.leaseTtl(), now())).lease();

    nowAndAfterReopen(() -> {
      assertEquals(new Lease.Held(run.lease().fence(), new Liveness.Opaque(), START,
          now().plus(TURN_LIMITS.leaseTtl()), TURN_LIMITS.leaseTtl()), renewed);
      assertEquals(renewed, held(session));
      assertEquals(events, (long) read(state -> state.lastEventId()));
    });
  }

  @Test
  @DisplayName("T-55 T-86 a holder whose turn has to end keeps its lease, and gets no more time by acquiring it again")
  void noMoreTimeForATurnThatHasToEnd() {
    WorkerId session = waiting();
    done(state -> SessionRules.acquire(state, session, new Claimant(ONE, "lease", TURN_LIMITS.leaseTtl()), now()));
    Fence fence = held(session).fence();
    done(state -> WorkRules.next(state, fence, null, "claim", TURN_LIMITS, now()));
    done(state -> CancelRules.request(state,
        Objects.requireNonNull(state.session(session).openTurn()), new CancelRules.Asking(null, null, null),
        HERE, now()));
    pass(Cancel.GRACE.minusSeconds(1));
    Lease.Held kept =
        done(state -> SessionRules.acquire(state, session, new Claimant(ONE, "again", TURN_LIMITS.leaseTtl()), now()));

    pass(Duration.ofSeconds(2));
    assertEquals(kept,
        done(state -> SessionRules.acquire(state, session, new Claimant(ONE, "last", TURN_LIMITS.leaseTtl()), now())));
    nowAndAfterReopen(() -> assertEquals(kept, held(session)));
  }
}
