package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.fold.MemoryState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ID = "0123456789abcdef";
  private static final PresentedKey KEY = new PresentedKey(ID, "a1".repeat(32));

  /** The CRC-32 of the rest, computed by another program. */
  private static final String TEXT = "hfk_" + ID + "_" + "a1".repeat(32) + "_9611c007";

  private final MemoryState state = new MemoryState();

  private void known(@Nullable Instant expiresAt, @Nullable Instant revokedAt) {
    state.apply(List.of(new AccessChange.KeyPut(
        Key.of(KEY, Key.DEFAULT_SUBJECT, Role.CONSUMER, "label", NOW).expiringAt(expiresAt).revokedAt(revokedAt))));
  }

  private static void assertRefused(Reason reason, Outcome<Key> outcome) {
    assertEquals(Outcome.refused(reason), outcome);
  }

  @Test
  @DisplayName("a key's text is hfk_, its id, its secret and a check sum, and is read back")
  void text() {
    assertEquals(TEXT, KEY.text());
    assertEquals(Optional.of(KEY), PresentedKey.parse(TEXT));
    assertEquals("hfk_" + ID + "_***", KEY.toString());
    // The SHA-256 of 32 bytes 0xa1, computed by another program.
    assertEquals("52fe6094743bfd4f9be4321d98adc7e23c1ab622b0ba830e271d1ee1cbfd7850", KEY.secretHash());
  }

  @Test
  @DisplayName("one changed character anywhere makes it no key, or another check sum than its own")
  void oneCharacter() {
    for (int i = 0; i < TEXT.length(); i++) {
      char other = TEXT.charAt(i) == '0' ? '1' : '0';
      String changed = TEXT.substring(0, i) + other + TEXT.substring(i + 1);
      assertEquals(Optional.empty(), PresentedKey.parse(changed), "character " + i);
    }
  }

  @ParameterizedTest(name = "{index}: {0}")
  @DisplayName("anything else is no key")
  @ValueSource(strings = {"", "hfk_", "Bearer x", "hfk__ _", "sk-0123", " ", "hfk_0123456789abcdef", "\ud83d\ude00"})
  void noKey(String text) {
    assertEquals(Optional.empty(), PresentedKey.parse(text));
    assertRefused(Reason.INVALID_KEY, KeyRules.check(state, text, NOW));
  }

  @Test
  @DisplayName("no key in upper case, with white space around it or said twice")
  void nearKeys() {
    for (String near : List.of(TEXT + " ", " " + TEXT, TEXT + "\n", TEXT + TEXT, TEXT.substring(1),
        "HFK" + TEXT.substring(3), TEXT.replace("a1", "A1"))) {
      assertEquals(Optional.empty(), PresentedKey.parse(near));
    }
  }

  @Test
  @DisplayName("a known key is taken; an unknown id and a wrong secret answer the same")
  void checked() {
    known(null, null);

    assertEquals(ID, KeyRules.check(state, TEXT, NOW).orThrow().id());
    assertRefused(Reason.INVALID_KEY,
        KeyRules.check(state, new PresentedKey("f".repeat(16), "a1".repeat(32)).text(), NOW));
    assertRefused(Reason.INVALID_KEY, KeyRules.check(state, new PresentedKey(ID, "a2".repeat(32)).text(), NOW));
    assertRefused(Reason.INVALID_KEY, KeyRules.check(state, TEXT.substring(0, TEXT.length() - 1) + "0", NOW));
  }

  @Test
  @DisplayName("an expired key is refused from the moment of its expiry, a revoked one always")
  void ended() {
    known(NOW, null);
    assertTrue(KeyRules.check(state, TEXT, NOW.minusNanos(1)) instanceof Outcome.Done<Key>);
    assertRefused(Reason.KEY_EXPIRED, KeyRules.check(state, TEXT, NOW));

    known(NOW, NOW.minusSeconds(5));
    assertRefused(Reason.KEY_REVOKED, KeyRules.check(state, TEXT, NOW.minusSeconds(10)));
    assertRefused(Reason.INVALID_KEY,
        KeyRules.check(state, new PresentedKey(ID, "a2".repeat(32)).text(), NOW));
  }

  @Test
  @DisplayName("the first start makes one admin key and tells of it, without its secret; later starts make none")
  void firstKey() {
    Decision<Boolean> first = KeyRules.createFirst(state, KEY, NOW);
    state.apply(first.changes());

    assertTrue(first.outcome().orThrow());
    Key made = state.key(ID).orElseThrow();
    assertEquals(Role.ADMIN, made.role());
    assertEquals(Key.DEFAULT_SUBJECT, made.subject());
    assertTrue(made.content());
    assertTrue(KEY.matches(made));
    Event event = state.events(1, 10, null).getFirst();
    assertEquals(EventName.ACCESS_KEY_CREATED, event.name());
    assertFalse(event.toString().contains("a1a1"));
    assertFalse(made.toString().contains("a1a1"));

    Decision<Boolean> again = KeyRules.createFirst(state, new PresentedKey("f".repeat(16), "0".repeat(64)), NOW);
    assertEquals(Decision.unchanged(false), again);
  }
}
