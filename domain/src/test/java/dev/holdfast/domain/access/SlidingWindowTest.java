package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlidingWindowTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MINUTE = 60 * SECOND;

  @ParameterizedTest
  @ValueSource(longs = {0, 1, -MINUTE, Long.MAX_VALUE - MINUTE, Long.MIN_VALUE + 7, 123_456_789_012L})
  @DisplayName("A-36 Whatever happens, no 60 s have more than the limit, and after 61 quiet seconds all is free again")
  void neverMore(long origin) {
    for (int seed = 0; seed < 60; seed++) {
      var chance = new SplittableRandom(seed);
      int limit = 1 + chance.nextInt(40);
      // From bursts to a trickle.
      long pace = 1 + chance.nextLong(4 * SECOND);
      var window = new SlidingWindow(origin);
      Deque<Long> admitted = new ArrayDeque<>();
      long passed = 0;
      for (int i = 0; i < 2_000; i++) {
        passed += chance.nextLong(pace);
        long now = passed;
        admitted.removeIf(at -> now - at >= MINUTE + SECOND);
        if (window.take(limit, origin + now)) {
          admitted.add(now);
        } else {
          assertTrue(admitted.size() >= limit, "seed " + seed + ": refused at " + admitted.size() + " of " + limit);
        }
        long inMinute = admitted.stream().filter(at -> now - at < MINUTE).count();
        assertTrue(inMinute <= limit, "seed " + seed + ": " + inMinute + " of " + limit);
      }
      assertEquals(limit, window.remaining(limit, origin + passed + MINUTE + SECOND), "seed " + seed);
    }
  }

  @Test
  @DisplayName("A-13 The wait that it tells is the true one: no room a moment before, room then")
  void waits() {
    for (int seed = 0; seed < 200; seed++) {
      var chance = new SplittableRandom(seed);
      int limit = 1 + chance.nextInt(30);
      var window = new SlidingWindow(7);
      long now = 7;
      while (window.take(limit, now)) {
        now += chance.nextLong(2 * SECOND);
      }
      long wait = window.untilRoom(limit, now);
      assertTrue(wait > 0 && wait <= MINUTE + SECOND, "seed " + seed);
      assertTrue(window.isFull(limit, now + wait - 1), "seed " + seed);
      assertFalse(window.isFull(limit, now + wait), "seed " + seed);
      assertEquals(0, window.untilRoom(limit, now + wait));
      long empty = window.untilEmpty(now + wait);
      assertEquals(limit, window.remaining(limit, now + wait + empty), "seed " + seed);
      assertEquals(0, window.untilEmpty(now + wait + empty));
    }
  }

  @Test
  @DisplayName("A-44 What is given back makes room for one more, once, and only while it is counted")
  void givesBack() {
    var window = new SlidingWindow(0);
    assertTrue(window.take(2, 0));
    assertTrue(window.take(2, 30 * SECOND));
    assertFalse(window.take(2, 59 * SECOND));
    window.giveBack(30 * SECOND);
    window.giveBack(30 * SECOND);
    assertEquals(1, window.remaining(2, 59 * SECOND));
    assertEquals(2, window.remaining(2, 61 * SECOND));
    window.giveBack(0);
    assertEquals(2, window.remaining(2, 61 * SECOND));
  }

  @Test
  @DisplayName("A-88 A reading before an earlier one frees nothing and is counted")
  void backwards() {
    var window = new SlidingWindow(0);
    assertTrue(window.take(2, 100 * SECOND));
    assertTrue(window.take(2, 10 * SECOND));
    assertFalse(window.take(2, 0));
    assertFalse(window.take(2, 160 * SECOND));
    assertTrue(window.take(2, 161 * SECOND));
  }
}
