package dev.holdfast.application.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.Allowance;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Rated;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.access.SlidingWindows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RatesTest {
  private static final long SECOND = 1_000_000_000L;

  private long now = -5;
  private final Rates rates = new Rates(new Rates.Limits(600, 60, 100), () -> now);

  private static Key key(String id, Role role) {
    return Key.of(new PresentedKey(id, "ab"), Key.DEFAULT_SUBJECT, role, "test", Instant.EPOCH);
  }

  private Rated.Admitted admitted(Key key) {
    return assertInstanceOf(Rated.Admitted.class, rates.request(key));
  }

  private static Reason reason(Optional<? extends Outcome.Refused<?>> refusal) {
    return refusal.orElseThrow().reason();
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      assertEquals(Optional.empty(), rates.failed(address));
    }
  }

  @Test
  @DisplayName("A-85 A key makes 600 requests in a minute, and is told how many are left and when there are more")
  void requests() {
    Key key = key("a", Role.CONSUMER);
    for (int i = 1; i <= 600; i++) {
      assertEquals(new Allowance.Limited(600, 600 - i, Duration.ofSeconds(61)), admitted(key).allowance());
    }
    now += 20 * SECOND;
    Duration left = Duration.ofSeconds(41);
    assertEquals(new Rated.TooMany(new Allowance.Limited(600, 0, left), left), rates.request(key));
    admitted(key("b", Role.CONSUMER));
    now += 41 * SECOND;
    admitted(key);
  }

  @Test
  @DisplayName("A-85 An admin's key has no limit")
  void admins() {
    for (int i = 0; i < 5_000; i++) {
      assertEquals(new Allowance.Unlimited(), admitted(key("a", Role.ADMIN)).allowance());
    }
  }

  @Test
  @DisplayName("A-85 A key's own limit goes before the node's, also an admin's")
  void ownLimit() {
    for (Role role : Role.values()) {
      Key own = key(role.text(), role).withLimits(new Key.Limits(List.of(), null, 700));
      for (int i = 0; i < 700; i++) {
        admitted(own);
      }
      assertInstanceOf(Rated.TooMany.class, rates.request(own));
    }
  }

  @Test
  @DisplayName("A-13 A wait is told in whole seconds, and never too short")
  void wholeSeconds() {
    assertEquals(1L, Rates.limited(Duration.ofNanos(1)).facts().get("retry_after_s"));
    assertEquals(Map.of("scope", "key", "retry_after_s", 41L), Rates.limited(Duration.ofSeconds(41)).facts());
  }

  @Test
  @DisplayName("A-44 A request that turned out not to count is as if it had not been")
  void givenBack() {
    Key key = key("a", Role.CONSUMER);
    for (int i = 0; i < 5_000; i++) {
      rates.giveBack(key, admitted(key));
    }
    assertEquals(new Allowance.Limited(600, 599, Duration.ofSeconds(61)), admitted(key).allowance());
  }

  @Test
  @DisplayName("A-87 An address fails 60 times in a minute and is blocked until that is over; others are not")
  void failures() {
    assertEquals(Optional.empty(), rates.blocked(() -> "10.0.0.1"));
    fail("10.0.0.1", 59);
    assertEquals(Optional.empty(), rates.blocked(() -> "10.0.0.1"));
    fail("10.0.0.1", 5);
    assertEquals(Reason.RATE_LIMITED, reason(rates.blocked(() -> "10.0.0.1")));
    assertEquals(Map.of("scope", "address", "retry_after_s", 61L),
        rates.blocked(() -> "10.0.0.1").orElseThrow().facts());
    assertEquals(Optional.empty(), rates.blocked(() -> "10.0.0.2"));
    now += 61 * SECOND;
    assertEquals(Optional.empty(), rates.blocked(() -> "10.0.0.1"));
  }

  @Test
  @DisplayName("A-A13 Where no address can be taken up any more, a failed check isn't even told; a valid key from anywhere passes")
  void untracked() {
    for (int i = 0; i < 100; i++) {
      fail("10.0.0." + i, 60);
    }
    assertEquals(Reason.RATE_STATE_UNAVAILABLE, reason(rates.failed("10.1.0.1")));
    assertEquals(Optional.empty(), rates.blocked(() -> "10.1.0.1"));
    assertEquals(Reason.RATE_LIMITED, reason(rates.blocked(() -> "10.0.0.0")), "a full window is never forgotten");
    now += 62 * SECOND;
    fail("10.1.0.1", 1);
  }

  @Test
  @DisplayName("A-87 Addresses beyond what is kept push out the one that was used least recently, but none that is blocked")
  void pushedOut() {
    fail("blocked", 60);
    fail("old", 59);
    for (int i = 0; i < 98; i++) {
      fail("10.0.0." + i, 59);
    }
    fail("new", 1);
    assertEquals(Reason.RATE_LIMITED, reason(rates.blocked(() -> "blocked")));
    fail("10.0.0.97", 1);
    assertEquals(Reason.RATE_LIMITED, reason(rates.blocked(() -> "10.0.0.97")), "what was used lately is kept");
    fail("old", 1);
    assertEquals(Optional.empty(), rates.blocked(() -> "old"), "what was used least recently was forgotten");
  }

  @Test
  @DisplayName("A-87 However many addresses come, no more than the bound are kept")
  void bounded() {
    var windows = new SlidingWindows(1_000);
    for (int i = 0; i < 100_000; i++) {
      windows.take("address " + i, 60, i);
      assertTrue(windows.size() <= 1_000);
    }
  }

  @Test
  @DisplayName("A-A13 A clock that can't be read refuses all that would be judged by it, and lets nothing through")
  void unreadable() {
    var broken = new Rates(Rates.Limits.DEFAULT, () -> {
      throw new IllegalStateException("no clock");
    });
    assertEquals(new Rated.Unknown(), broken.request(key("a", Role.CONSUMER)));
    assertEquals(Reason.RATE_STATE_UNAVAILABLE, reason(broken.blocked(() -> "10.0.0.1")));
    assertEquals(Reason.RATE_STATE_UNAVAILABLE, reason(broken.failed("10.0.0.1")));
  }
}
