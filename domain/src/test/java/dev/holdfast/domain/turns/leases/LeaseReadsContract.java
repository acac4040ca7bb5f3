package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StoreSuite;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about leases. */
public abstract class LeaseReadsContract extends StoreSuite {

  private Lease.Held hold(WorkerId session, Owner owner, long generation) {
    var held = new Lease.Held(new Fence(session, owner, "token-" + generation, generation), new Liveness.Opaque(),
        START.plusNanos(1000),
        START.plusSeconds(30), Duration.ofSeconds(30));
    put(new LeaseChange.Put(held));
    return held;
  }

  private List<Lease.Held> held(long after, int limit) {
    return read(state -> state.leases(after, limit));
  }

  @Test
  @DisplayName("a session that was never held is free, with generation 0")
  void neverHeld() {
    WorkerId worker = worker();

    assertEquals(new Lease.Free(worker, 0), read(state -> state.lease(worker)));
    assertEquals(List.of(), held(0, 10));
  }

  @Test
  @DisplayName("a held lease comes back with every member, and a free one keeps its generation")
  void comesBack() {
    WorkerId worker = worker();
    Lease.Held held = hold(worker, new Owner("key:executor one", "incarnation/\u00e9"), 7);
    nowAndAfterReopen(() -> assertEquals(held, read(state -> state.lease(worker))));

    put(new LeaseChange.Put(new Lease.Free(worker, 7)));
    nowAndAfterReopen(() -> {
      assertEquals(new Lease.Free(worker, 7), read(state -> state.lease(worker)));
      assertEquals(List.of(), held(0, 10));
    });
  }

  @Test
  @DisplayName("a lease that changes its owner is listed once, as it is now")
  void ownerChanges() {
    WorkerId worker = worker();
    hold(worker, HERE, 1);
    Lease.Held taken = hold(worker, ELSEWHERE, 2);

    nowAndAfterReopen(() -> assertEquals(List.of(taken), held(0, 10)));
  }

  @Test
  @DisplayName("what a holder tells of itself and the length of its lease come back")
  void livenessComesBack() {
    WorkerId worker = worker();
    var process = new Liveness.LocalProcess("host \u00e9", "boot", 4711, "12345");
    var held = new Lease.Held(new Fence(worker, HERE, "token", 3), process, START, START.plusMillis(1500),
        Duration.ofMillis(1500));
    put(new LeaseChange.Put(held));
    nowAndAfterReopen(() -> assertEquals(held, read(state -> state.lease(worker))));

    Lease.Held longer = held.extended(START.plusSeconds(1), Duration.ofHours(2));
    put(new LeaseChange.Put(longer));
    nowAndAfterReopen(() -> {
      assertEquals(longer, read(state -> state.lease(worker)));
      assertEquals(List.of(longer), held(0, 10));
    });
  }

  @Test
  @DisplayName("all held leases are listed, whoever holds them, live or expired, by session, in pages")
  void listed() {
    List<WorkerId> workers = List.of(worker(), worker(), worker(), worker());
    Lease.Held first = hold(workers.get(0), HERE, 1);
    Lease.Held second = hold(workers.get(1), ELSEWHERE, 1);
    put(new LeaseChange.Put(new Lease.Free(workers.get(2), 1)));
    Lease.Held fourth = hold(workers.get(3), HERE_AGAIN, 1);
    pass(TURN_LIMITS.leaseTtl().multipliedBy(2));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(first, second, fourth), held(0, 10));
      assertEquals(List.of(second), held(1, 1));
      assertEquals(List.of(fourth), held(2, 10));
      assertEquals(List.of(), held(4, 10));
    });
  }
}
