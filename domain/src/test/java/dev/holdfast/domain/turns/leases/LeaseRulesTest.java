package dev.holdfast.domain.turns.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state of a lease × every command on it, against the table of spec turns §2. */
class LeaseRulesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration TTL = Duration.ofSeconds(30);
  private static final WorkerId SESSION = new WorkerId(1);
  private static final List<String> STATES =
      List.of("new", "released", "opaque live", "opaque expired", "builtin live", "builtin expired");
  private static final List<String> COMMANDS = List.of("acquire by holder", "acquire by other incarnation",
      "acquire by older incarnation", "acquire by another", "renew own", "renew stale token",
      "renew stale generation", "renew other session", "release own", "release stale");

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
    return new Lease.Held(fence(kind(state)), new Liveness.Opaque(), NOW.minusSeconds(9), expiry, TTL);
  }

  private static String kind(String state) {
    return state.startsWith("builtin") ? "builtin" : "opaque";
  }

  private static Fence fence(String kind) {
    return new Fence(SESSION, owner(kind, 5), "token", 3);
  }

  private static String answer(String state, String command) {
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
      case "release own" -> LeaseRules.releases(lease, fence(kind)) ? "released" : "no effect";
      case "release stale" ->
        LeaseRules.releases(lease, new Fence(SESSION, owner(kind, 5), "old", 3)) ? "released" : "no effect";
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static Outcome<Grant> acquire(Lease lease, Owner by) {
    return LeaseRules.acquire(lease, new LeaseRules.Claimant(by, "fresh", TTL), NOW);
  }

  private static String text(Lease before, Outcome<Grant> outcome) {
    if (outcome instanceof Outcome.Refused<Grant> refused) {
      assertEquals(((Lease.Held) before).fence().owner().id(), refused.facts().get("holder"));
      return refused.reason().code();
    }
    Lease.Held after = outcome.orThrow().lease();
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

  private static String renewed(Outcome<Lease.Held> outcome) {
    if (outcome instanceof Outcome.Refused<Lease.Held> refused) {
      return refused.reason().code();
    }
    assertEquals(NOW.plus(TTL), outcome.orThrow().expiresAt());
    return "generation " + outcome.orThrow().generation();
  }

  @ParameterizedTest(name = "{index}: {0}, {1}: {2}")
  @DisplayName("each command in each state answers as the table says")
  @CsvSource({
    "new,acquire by holder,generation 1", "new,acquire by other incarnation,generation 1",
    "new,acquire by older incarnation,generation 1", "new,acquire by another,generation 1",
    "new,renew own,lease_expired", "new,renew stale token,lease_expired", "new,renew stale generation,lease_expired",
    "new,renew other session,session_binding_mismatch", "new,release own,no effect", "new,release stale,no effect",
    "released,acquire by holder,generation 4", "released,acquire by other incarnation,generation 4",
    "released,acquire by older incarnation,generation 4", "released,acquire by another,generation 4",
    "released,renew own,lease_expired", "released,renew stale token,lease_expired",
    "released,renew stale generation,lease_expired", "released,renew other session,session_binding_mismatch",
    "released,release own,no effect", "released,release stale,no effect",
    "opaque live,acquire by holder,extended", "opaque live,acquire by other incarnation,lease_busy",
    "opaque live,acquire by older incarnation,lease_busy", "opaque live,acquire by another,lease_busy",
    "opaque live,renew own,generation 3", "opaque live,renew stale token,lease_expired",
    "opaque live,renew stale generation,lease_expired", "opaque live,renew other session,session_binding_mismatch",
    "opaque live,release own,released", "opaque live,release stale,no effect",
    "opaque expired,acquire by holder,generation 4", "opaque expired,acquire by other incarnation,generation 4",
    "opaque expired,acquire by older incarnation,generation 4", "opaque expired,acquire by another,generation 4",
    "opaque expired,renew own,lease_expired", "opaque expired,renew stale token,lease_expired",
    "opaque expired,renew stale generation,lease_expired",
    "opaque expired,renew other session,session_binding_mismatch", "opaque expired,release own,released",
    "opaque expired,release stale,no effect",
    "builtin live,acquire by holder,extended", "builtin live,acquire by other incarnation,generation 4",
    "builtin live,acquire by older incarnation,lease_busy", "builtin live,acquire by another,lease_busy",
    "builtin live,renew own,generation 3", "builtin live,renew stale token,lease_expired",
    "builtin live,renew stale generation,lease_expired", "builtin live,renew other session,session_binding_mismatch",
    "builtin live,release own,released", "builtin live,release stale,no effect",
    "builtin expired,acquire by holder,generation 4", "builtin expired,acquire by other incarnation,generation 4",
    "builtin expired,acquire by older incarnation,generation 4", "builtin expired,acquire by another,generation 4",
    "builtin expired,renew own,lease_expired", "builtin expired,renew stale token,lease_expired",
    "builtin expired,renew stale generation,lease_expired",
    "builtin expired,renew other session,session_binding_mismatch", "builtin expired,release own,released",
    "builtin expired,release stale,no effect"})
  void table(String state, String command, String expected) {
    assertEquals(expected, answer(state, command));
  }

  @Test
  @DisplayName("the table covers every state and every command, once")
  void tableIsWhole() throws NoSuchMethodException {
    String[] rows = LeaseRulesTest.class.getDeclaredMethod("table", String.class, String.class, String.class)
        .getAnnotation(CsvSource.class).value();
    Set<String> covered = new HashSet<>();
    for (String row : rows) {
      covered.add(row.substring(0, row.lastIndexOf(',')));
    }
    Set<String> wanted = new HashSet<>();
    STATES.forEach(state -> COMMANDS.forEach(command -> wanted.add(state + "," + command)));
    assertEquals(wanted, covered);
    assertEquals(wanted.size(), rows.length);
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
