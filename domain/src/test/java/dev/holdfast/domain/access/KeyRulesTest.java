package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.fold.MemoryState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a key, every state by every event (spec access §5). */
class KeyRulesTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant BEFORE = NOW.minusSeconds(60);
  private static final Instant LATER = NOW.plusSeconds(3_600);

  private final MemoryState state = new MemoryState();
  private final Key admin = admin(0xa, null);

  private static PresentedKey presented(int number) {
    return new PresentedKey("%016x".formatted(number), "ab".repeat(32));
  }

  private static Key admin(int number, @Nullable Instant expiresAt) {
    return Key.of(presented(number), Key.DEFAULT_SUBJECT, Role.ADMIN, "admin", BEFORE).expiringAt(expiresAt);
  }

  private Key put(Key key) {
    state.apply(List.of(new AccessChange.KeyPut(key)));
    return key;
  }

  /** A consumer's key in the state of that name. */
  private Key known(String name) {
    Key key = Key.of(presented(1), "ann", Role.CONSUMER, "Ann's", BEFORE);
    return put(switch (name) {
      case "active" -> key.expiringAt(LATER);
      case "expired" -> key.expiringAt(NOW);
      case "revoked" -> key.revokedAt(BEFORE);
      default -> throw new IllegalArgumentException(name);
    });
  }

  private KeyRules.Revision by(Key key) {
    return new KeyRules.Revision(key.id(), admin, null, null);
  }

  private <T> Outcome<T> applied(Decision<T> decision) {
    state.apply(decision.changes());
    return decision.outcome();
  }

  private String statusOf(Key key) {
    return state.key(key.id()).map(k -> KeyRules.statusAt(state, k, NOW).name()).orElse("REMOVED");
  }

  @ParameterizedTest(name = "{0} × {1}")
  @CsvSource({
    "active, use, done, ACTIVE", "active, revoke, done, REVOKED", "active, rotate, done, EXPIRED",
    "active, rotate with overlap, done, ACTIVE", "active, remove, key_active, ACTIVE",
    "expired, use, key_expired, EXPIRED", "expired, revoke, done, REVOKED", "expired, rotate, key_expired, EXPIRED",
    "expired, rotate with overlap, key_expired, EXPIRED", "expired, remove, done, REMOVED",
    "revoked, use, key_revoked, REVOKED", "revoked, revoke, done, REVOKED", "revoked, rotate, key_revoked, REVOKED",
    "revoked, rotate with overlap, key_revoked, REVOKED", "revoked, remove, done, REMOVED"})
  @DisplayName("§5 Each event in each state has the outcome of the table, and leaves the key in its state")
  void transitions(String from, String event, String outcome, String then) {
    put(admin);
    Key key = known(from);
    long events = state.lastEventId();
    Outcome<Key> found = switch (event) {
      case "use" -> KeyRules.check(state, presented(1).text(), NOW);
      case "revoke" -> applied(KeyRules.revoke(state, by(key), NOW));
      case "rotate" -> applied(KeyRules.rotate(state, by(key), presented(2), Duration.ZERO, NOW));
      case "rotate with overlap" ->
        applied(KeyRules.rotate(state, by(key), presented(2), Duration.ofMinutes(1), NOW));
      default -> applied(KeyRules.remove(state, by(key), NOW));
    };
    assertEquals(outcome, found instanceof Outcome.Refused<Key> refused ? refused.reason().code() : "done");
    assertEquals(then, statusOf(key));
    boolean changes = outcome.equals("done") && !event.equals("use") && !(from + event).equals("revokedrevoke");
    assertEquals(changes ? 1 : 0, state.lastEventId() - events, "an event for each change, and for nothing else");
  }

  @Test
  @DisplayName("§5 A key expires at the instant that it names, not after it")
  void expiry() {
    Key key = Key.of(presented(1), "ann", Role.CONSUMER, "l", BEFORE).expiringAt(NOW);
    assertEquals(Key.Status.ACTIVE, key.statusAt(NOW.minusMillis(1)));
    assertEquals(Key.Status.EXPIRED, key.statusAt(NOW));
    assertEquals(Key.Status.REVOKED, key.revokedAt(NOW).statusAt(BEFORE));
  }

  @Test
  @DisplayName("A-64 The successor has everything of the old key but its id and secret; the overlap never outlives the expiry")
  void rotation() {
    put(admin);
    var limits = new Key.Limits(List.of("m"), 3, 60);
    Key old = put(Key.of(presented(1), "ann", Role.OBSERVER, "Ann's", BEFORE).withContent(true).withLimits(limits)
        .expiringAt(LATER));
    Key next = applied(KeyRules.rotate(state, by(old), presented(2), Duration.ofDays(1), NOW)).orThrow();
    assertEquals(List.of(presented(2).id(), "ann", Role.OBSERVER, "Ann's", true, limits, LATER, admin.id(), 1),
        List.of(next.id(), next.subject(), next.role(), next.label(), next.content(), next.limits(),
            Objects.requireNonNull(next.expiresAt()), Objects.requireNonNull(next.createdBy()),
            next.version()));
    Key ending = state.key(old.id()).orElseThrow();
    assertEquals(LATER, ending.expiresAt());
    assertEquals(old.version() + 1, ending.version());
    for (Duration wrong : List.of(Duration.ofSeconds(-1), KeyRules.MAX_OVERLAP.plusSeconds(1))) {
      assertEquals(Outcome.invalid("overlap_s"),
          KeyRules.rotate(state, by(next), presented(3), wrong, NOW).outcome());
    }
  }

  @Test
  @DisplayName("A-A28 A stale version refuses each change, naming the version that there is")
  void stale() {
    put(admin);
    Key key = known("active");
    var stale = new KeyRules.Revision(key.id(), admin, key.version() + 1, null);
    Outcome<Key> expected = Outcome.refused(Reason.VERSION_MISMATCH, "version", key.version());
    assertEquals(expected, applied(KeyRules.revoke(state, stale, NOW)));
    assertEquals(expected, applied(KeyRules.rotate(state, stale, presented(2), Duration.ZERO, NOW)));
    assertEquals(expected, applied(KeyRules.remove(state, stale, NOW)));
    assertEquals(key, state.key(key.id()).orElseThrow());
  }

  @Test
  @DisplayName("A-A9 The last active admin key isn't revoked, whatever expired or revoked ones are beside it")
  void lastAdmin() {
    put(admin);
    put(admin(0xb, NOW));
    put(admin(0xc, null).revokedAt(BEFORE));
    put(Key.of(presented(1), "ann", Role.OPERATOR, "l", BEFORE));
    assertEquals(Outcome.refused(Reason.LAST_ADMIN_KEY), KeyRules.revoke(state, by(admin), NOW).outcome());
    put(admin(0xd, LATER));
    assertTrue(KeyRules.revoke(state, by(admin), NOW).outcome() instanceof Outcome.Done<Key>);
  }

  @Test
  @DisplayName("A-A9 Of admin keys that have all expired the one that did so last goes on, and only that one")
  void lastExpired() {
    Key earlier = put(admin(0xa, BEFORE));
    Key last = put(admin(0xb, NOW));
    Key revoked = put(admin(0xc, NOW).revokedAt(NOW));
    assertEquals("EXPIRED ACTIVE REVOKED", statusOf(earlier) + " " + statusOf(last) + " " + statusOf(revoked));
    assertEquals(Outcome.refused(Reason.LAST_ADMIN_KEY), KeyRules.revoke(state, by(last), NOW).outcome());
    assertEquals(Outcome.refused(Reason.KEY_ACTIVE), KeyRules.remove(state, by(last), NOW).outcome());
    assertTrue(KeyRules.revoke(state, by(earlier), NOW).outcome() instanceof Outcome.Done<Key>);
    Key next = applied(KeyRules.rotate(state, by(last), presented(2), Duration.ZERO, NOW)).orThrow();
    assertNull(next.expiresAt());
    assertEquals("EXPIRED", statusOf(last));
    assertEquals("ACTIVE", statusOf(next));
  }

  @Test
  @DisplayName("A-63 A revocation's note is its event's, and no event has a label")
  void events() {
    put(admin);
    Key key = known("active");
    Decision<Key> decision = KeyRules.revoke(state, new KeyRules.Revision(key.id(), admin, null, "she left"), NOW);
    List<Event> told = decision.changes().stream()
        .flatMap(change -> change instanceof EventChange.Appended(Event event)
            ? Stream.of(event)
            : Stream.<Event>empty())
        .toList();
    assertEquals("access.key_revoked she left " + admin.id(), told.getFirst().name().text() + " "
        + told.getFirst().note() + " " + told.getFirst().actor());
    assertEquals("{\"key_id\":\"" + key.id() + "\",\"role\":\"consumer\"}", told.getFirst().data().text());
  }

  @ParameterizedTest(name = "{0} beside {1}")
  @CsvSource(delimiter = ';', nullValues = "-", value = {
    "[] - -; [] - -; -", "[] - -; [a] 1 1; -", "[a] - -; [] - -; models", "[a] - -; [b] - -; models",
    "[a] - -; [a b] - -; models", "[a b] - -; [b] - -; -", "[] 2 -; [] - -; max_in_flight",
    "[] 2 -; [] 3 -; max_in_flight", "[] 2 -; [] 2 -; -", "[] 2 -; [] 1 9; -", "[] - 60; [] - -; requests_per_minute",
    "[] - 60; [] - 61; requests_per_minute", "[] - 60; [a] 1 60; -", "[a] 2 60; [b] 3 61; models"})
  @DisplayName("A-21 Limits are a subset of the maker's, member by member; no bound exceeds any bound")
  void subset(String maker, String asked, @Nullable String exceeded) {
    assertEquals(exceeded, limits(maker).exceededBy(limits(asked)));
  }

  private static Key.Limits limits(String text) {
    String[] numbers = text.substring(text.indexOf(']') + 2).split(" ", -1);
    String models = text.substring(1, text.indexOf(']'));
    return new Key.Limits(models.isEmpty() ? List.of() : List.of(models.split(" ", -1)), number(numbers[0]),
        number(numbers[1]));
  }

  private static @Nullable Integer number(String text) {
    return text.equals("-") ? null : Integer.valueOf(text);
  }

  @Test
  @DisplayName("A-21 A key's maker gives neither content nor a life that it doesn't have itself")
  void beyond() {
    Key bounded = put(admin.withContent(false).expiringAt(LATER));
    assertEquals(Outcome.invalid("content"), made(bounded, true, LATER));
    assertEquals(Outcome.invalid("expires_at"), made(bounded, false, null));
    assertEquals(Outcome.invalid("expires_at"), made(bounded, false, LATER.plusSeconds(1)));
    assertTrue(made(bounded, false, LATER) instanceof Outcome.Done<Key>);
  }

  @Test
  @DisplayName("A-21 What a role usually reads is not for a key whose maker doesn't, and no rotation tells a key that does more")
  void usual() {
    Key bounded = put(admin.withContent(false).expiringAt(LATER));
    var asked = new NewKey(Role.ADMIN, null, "l", null, Key.Limits.NONE, LATER);
    assertFalse(applied(KeyRules.create(state, asked, bounded, presented(2), NOW)).orThrow().content());
    Key whole = put(admin(0xb, null));
    var rotation = new KeyRules.Revision(whole.id(), bounded, null, null);
    assertEquals(Outcome.invalid("content"),
        KeyRules.rotate(state, rotation, presented(3), Duration.ZERO, NOW).outcome());
    assertTrue(KeyRules.rotate(state, by(bounded), presented(3), Duration.ZERO, NOW).outcome() instanceof Outcome.Done);
    var own = new KeyRules.Revision(bounded.id(), bounded, null, null);
    assertTrue(KeyRules.rotate(state, own, presented(3), Duration.ZERO, NOW).outcome() instanceof Outcome.Done);
  }

  private Outcome<Key> made(Key maker, boolean content, @Nullable Instant expiresAt) {
    var asked = new NewKey(Role.OBSERVER, null, "l", content, Key.Limits.NONE, expiresAt);
    return KeyRules.create(state, asked, maker, presented(2), NOW).outcome();
  }
}
