package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import dev.holdfast.domain.turns.machines.TransitionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state of a lease × every command on it, against the table of spec turns §2. */
public class LeaseRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final WorkerId SESSION = new WorkerId(1);
  private static final Liveness HOLDER = new Liveness.LocalProcess("host", "boot", 4711, "then");
  private static final Liveness CLAIMANT = new Liveness.LocalProcess("host", "boot", 4712, "then");
  public static final TransitionTable TABLE = TransitionTable.of("Lease", """
      * new
        acquire by holder: generation 1 → external live
        acquire by other incarnation: generation 1 → external live
        acquire by older incarnation: generation 1 → external live
        acquire by another: generation 1 → builtin live
        renew own: lease_expired
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: no effect
        release stale: no effect
        reclaim from the dead: generation 1 → external live
        reclaim from the living: generation 1 → external live
        reclaim of another sight: generation 1 → external live
      released
        acquire by holder: generation 4 → external live
        acquire by other incarnation: generation 4 → external live
        acquire by older incarnation: generation 4 → external live
        acquire by another: generation 4 → builtin live
        renew own: lease_expired
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: no effect
        release stale: no effect
        reclaim from the dead: generation 4 → external live
        reclaim from the living: generation 4 → external live
        reclaim of another sight: generation 4 → external live
      external live
        acquire by holder: extended
        acquire by other incarnation: lease_busy
        acquire by older incarnation: lease_busy
        acquire by another: lease_busy
        renew own: generation 3
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: released → released
        release stale: no effect
        reclaim from the dead: generation 4
        reclaim from the living: lease_busy
        reclaim of another sight: lease_busy
      external expired
        acquire by holder: generation 4 → external live
        acquire by other incarnation: generation 4 → external live
        acquire by older incarnation: generation 4 → external live
        acquire by another: generation 4 → builtin live
        renew own: lease_expired
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: released → released
        release stale: no effect
        reclaim from the dead: generation 4 → external live
        reclaim from the living: generation 4 → external live
        reclaim of another sight: generation 4 → external live
      builtin live
        acquire by holder: extended
        acquire by other incarnation: generation 4
        acquire by older incarnation: lease_busy
        acquire by another: lease_busy
        renew own: generation 3
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: released → released
        release stale: no effect
        reclaim from the dead: generation 4 → external live
        reclaim from the living: lease_busy
        reclaim of another sight: lease_busy
      builtin expired
        acquire by holder: generation 4 → builtin live
        acquire by other incarnation: generation 4 → builtin live
        acquire by older incarnation: generation 4 → builtin live
        acquire by another: generation 4 → builtin live
        renew own: lease_expired
        renew stale token: lease_expired
        renew stale generation: lease_expired
        renew other session: session_binding_mismatch
        release own: released → released
        release stale: no effect
        reclaim from the dead: generation 4 → external live
        reclaim from the living: generation 4 → external live
        reclaim of another sight: generation 4 → external live
      """);

  private Lease then = lease("new");

  private static Owner owner(String kind, int incarnation) {
    return kind.equals("builtin") ? Owner.builtin("node-a", incarnation) : new Owner("key:agent", "" + incarnation);
  }

  /** The incarnation that holds is 5; its generation 3. */
  private static Lease lease(String state) {
    if (state.equals("new")) {
      return new Lease.Free(SESSION, 0);
    }
    if (state.equals("released")) {
      return new Lease.Free(SESSION, 3);
    }
    Instant expiry = state.endsWith("live") ? NOW.plusNanos(1) : NOW;
    return new Lease.Held(fence(kind(state)), HOLDER, NOW.minusSeconds(9), expiry, TTL);
  }

  private static String kind(String state) {
    return state.startsWith("builtin") ? "builtin" : "external";
  }

  private static Fence fence(String kind) {
    return new Fence(SESSION, owner(kind, 5), "token", 3);
  }

  private String answer(String state, String command) {
    Lease lease = lease(state);
    String kind = kind(state);
    return switch (command) {
      case "acquire by holder" -> text(lease, acquire(lease, owner(kind, 5)));
      case "acquire by other incarnation" -> text(lease, acquire(lease, owner(kind, 6)));
      case "acquire by older incarnation" -> text(lease, acquire(lease, owner(kind, 4)));
      case "acquire by another" -> text(lease, acquire(lease, Owner.builtin("node-b", 9)));
      case "renew own" -> renewed(LeaseRules.renew(lease, fence(kind), NOW, TTL));
      case "renew stale token" ->
        renewed(LeaseRules.renew(lease, new Fence(SESSION, owner(kind, 5), "old", 3), NOW, TTL));
      case "renew stale generation" ->
        renewed(LeaseRules.renew(lease, new Fence(SESSION, owner(kind, 5), "token", 2), NOW, TTL));
      case "renew other session" ->
        renewed(LeaseRules.renew(lease, new Fence(new WorkerId(2), owner(kind, 5), "token", 3), NOW, TTL));
      case "release own" -> released(lease, fence(kind));
      case "release stale" -> released(lease, new Fence(SESSION, owner(kind, 5), "old", 3));
      case "reclaim from the dead" -> text(lease, reclaim(lease, 3, new ProcessTable.Missing()));
      case "reclaim from the living" -> text(lease, reclaim(lease, 3, new ProcessTable.Present("then")));
      case "reclaim of another sight" -> text(lease, reclaim(lease, 2, new ProcessTable.Missing()));
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Outcome<Grant> acquire(Lease lease, Owner by) {
    return LeaseRules.acquire(lease, new LeaseRules.Claimant(by, "fresh", TTL), NOW);
  }

  private static Outcome<Grant> reclaim(Lease lease, long seen, ProcessTable.Look shown) {
    var observed = new LeaseRules.Observed(owner(kindOf(lease), 5).id(), "5", seen);
    var by = new LeaseRules.Claimant(new Owner("key:other", "1"), CLAIMANT, "fresh", TTL);
    return LeaseRules.reclaim(lease, observed, by, new OneHost(shown), NOW);
  }

  /** The claimant's host, and what it shows of the holder. */
  private record OneHost(ProcessTable.Look shown) implements ProcessTable {
    @Override
    public String hostId() {
      return "host";
    }

    @Override
    public String bootId() {
      return "boot";
    }

    @Override
    public Look look(long pid) {
      return shown;
    }
  }

  private static String kindOf(Lease lease) {
    return lease instanceof Lease.Held held && held.fence().owner().isBuiltin() ? "builtin" : "external";
  }

  /** The state that the lease is in now. */
  private String state() {
    return switch (then) {
      case Lease.Free(_, long generation) -> generation == 0 ? "new" : "released";
      case Lease.Held held -> kindOf(held) + (held.isLiveAt(NOW) ? " live" : " expired");
    };
  }

  private String released(Lease lease, Fence by) {
    if (!LeaseRules.releases(lease, by)) {
      return "no effect";
    }
    then = new Lease.Free(SESSION, lease.generation());
    return "released";
  }

  private String text(Lease before, Outcome<Grant> outcome) {
    if (outcome instanceof Outcome.Refused<Grant> refused) {
      assertEquals(((Lease.Held) before).fence().owner().id(), refused.facts().get("holder"));
      return refused.reason().code();
    }
    Lease.Held after = outcome.orThrow().lease();
    then = after;
    assertEquals(NOW.plus(TTL), after.expiresAt());
    if (!outcome.orThrow().changed()) {
      assertEquals(((Lease.Held) before).fence(), after.fence());
      assertEquals(((Lease.Held) before).claimedAt(), after.claimedAt());
      return "extended";
    }
    assertEquals("fresh", after.fence().token());
    assertEquals(NOW, after.claimedAt());
    assertEquals(before.generation() + 1, after.generation());
    return "generation " + after.generation();
  }

  private String renewed(Outcome<Lease.Held> outcome) {
    if (outcome instanceof Outcome.Refused<Lease.Held> refused) {
      return refused.reason().code();
    }
    assertEquals(NOW.plus(TTL), outcome.orThrow().expiresAt());
    then = outcome.orThrow();
    return "generation " + outcome.orThrow().generation();
  }

  static Stream<TransitionTable.Row> rows() {
    return TABLE.rows().stream();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("each command in each state answers as the table says")
  @MethodSource("rows")
  void transition(TransitionTable.Row row) {
    then = lease(row.state());
    assertEquals(row.state(), state());
    assertEquals(row.answer(), answer(row.state(), row.command()));
    assertEquals(row.then(), state());
  }

  @Test
  @DisplayName("the table covers every state and every command, once")
  void tableIsWhole() {
    TABLE.assertWhole();
  }

  @Test
  @DisplayName("only a later start of the same node's executor succeeds another, and only over a start with a number")
  void succession() {
    Owner five = Owner.builtin("node", 5);
    assertEquals(true, Owner.builtin("node", 10).succeeds(five));
    assertEquals(false, five.succeeds(five));
    assertEquals(false, Owner.builtin("node", 4).succeeds(five));
    assertEquals(false, Owner.builtin("node2", 6).succeeds(five));
    assertEquals(false, five.succeeds(new Owner("builtin:node", "four")));
    assertEquals(false, new Owner("key:node", "6").succeeds(new Owner("key:node", "5")));
    assertThrows(IllegalArgumentException.class, () -> new Owner(" ", "1"));
    assertThrows(IllegalArgumentException.class, () -> new Owner("a", ""));
  }

  @ParameterizedTest(name = "{index}: ttl {0} ms, renewed every {1} ms: {2}")
  @DisplayName("T-A14 (T-9 values) a lease is long enough for three renewals, and neither is nothing")
  @CsvSource({"0,0,ttl_too_small", "0,1,ttl_too_small", "1,0,renew_interval_too_small", "3,0,renew_interval_too_small",
    "1,1,ttl_renew_ratio_too_small", "2,1,ttl_renew_ratio_too_small", "3,1,kept",
    "29999,10000,ttl_renew_ratio_too_small",
    "30000,10000,kept", "60000,10000,kept"})
  void timing(long ttl, long renewEvery, String expected) {
    Outcome<Duration> checked = LeaseRules.checkTiming(Duration.ofMillis(ttl), Duration.ofMillis(renewEvery));
    assertEquals(expected,
        checked instanceof Outcome.Refused<Duration> refused ? refused.reason().code() : "kept");
  }
}
