package dev.holdfast.application.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.AuditRules;
import dev.holdfast.domain.access.Key;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.access.Role;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A call's effect and its record are one: both are there, or neither is (spec A-90). */
class AuditedUnitTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final AuditKey KEY = new AuditKey("5a".repeat(32));
  private static final PresentedKey PRESENTED = new PresentedKey("0".repeat(16), "ab".repeat(32));

  private final Dying store = new Dying();
  private final UnitsOfWork units =
      new UnitsOfWork(store, new NewsRoom(), new NodeState(), KEY, InstantSource.fixed(NOW));

  /** A store whose process dies at the n-th unit of work: before it, or behind it with nobody told. */
  private static final class Dying implements Store {
    private final Store store = new MemoryStore();
    private int left = Integer.MAX_VALUE;
    private boolean behind;

    @Override
    public <T> Outcome<T> write(Rule<T> rule) {
      left--;
      if (left == 0 && behind) {
        store.write(rule);
      }
      if (left <= 0) {
        throw StoreException.unknown("dead", null);
      }
      return store.write(rule);
    }

    @Override
    public <T> T read(Function<? super State, T> query) {
      return store.read(query);
    }

    @Override
    public String backend() {
      return store.backend();
    }

    @Override
    public void close() {
      store.close();
    }
  }

  /** A way for a call to come to its effect and its record. */
  private interface Way {
    void run(Audited call, Rule<Key> rule);
  }

  private static Rule<Key> making() {
    Key key = Key.of(PRESENTED, "ann", Role.CONSUMER, "l", NOW);
    return _ -> Decision.done(key, List.of(new AccessChange.KeyPut(key)));
  }

  private static Audited call() {
    return Audited.local("0".repeat(32), "key.create");
  }

  @Test
  @DisplayName("A-90 Wherever the process dies, there is a record exactly if there is an effect")
  void together() {
    assertTrue(wholeness(test -> (call, rule) -> test.units.write(call, Key::id, rule)));
  }

  @Test
  @DisplayName("The same judge finds a mutant that writes the record in a unit of its own, behind the effect or before it")
  void mutants() {
    assertFalse(wholeness(test -> (call, rule) -> {
      test.units.write(rule);
      test.units.record(call.entry(new Outcome.Done<>(true), "id"));
    }));
    assertFalse(wholeness(test -> (call, rule) -> {
      test.units.record(call.entry(new Outcome.Done<>(true), "id"));
      test.units.write(rule);
    }));
  }

  /** Whether there are as many effects as records after the process has died at each moment that there is. */
  private static boolean wholeness(Function<AuditedUnitTest, Way> way) {
    for (int unit = 1; unit <= 3; unit++) {
      for (boolean behind : new boolean[] {false, true}) {
        var test = new AuditedUnitTest();
        test.store.left = unit;
        test.store.behind = behind;
        try {
          way.apply(test).run(call(), making());
        } catch (StoreException e) {
          // The process is dead; what it had written is looked at.
        }
        long effects = test.store.read(State::keyCount);
        long records = test.store.read(state -> state.auditHead().seq());
        if (effects != records) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  @DisplayName("A-90 A call whose outcome nobody could tell has one record, whether it came to its effect or not")
  void unknown() {
    for (boolean behind : new boolean[] {false, true}) {
      var test = new AuditedUnitTest();
      test.store.left = 1;
      test.store.behind = behind;
      Audited call = call();
      assertThrows(StoreException.class, () -> test.units.write(call, Key::id, making()));
      test.store.left = Integer.MAX_VALUE;
      test.units.record(call.refusedFrom(Reason.OUTCOME_UNKNOWN, "a"));
      assertEquals(1, test.units.read(State::auditHead).seq());
      assertEquals(behind ? null : "outcome_unknown",
          test.units.read(state -> state.audit(0, 1, null, null)).getFirst().member("reason"));
    }
  }

  @Test
  @DisplayName("A-90 A rule that throws leaves neither effect nor record, and the call can still be told as refused")
  void ruleThrows() {
    Audited call = call();
    assertThrows(IllegalStateException.class, () -> units.write(call, "t", _ -> {
      throw new IllegalStateException();
    }));
    assertEquals(AuditHead.NONE, units.read(State::auditHead));
    assertFalse(call.isRecorded());
  }

  @Test
  @DisplayName("A-90 A refusal by the rule has its record, and a call has one effect only")
  void refused() {
    Audited call = call();
    units.write(call, "t", _ -> Decision.refused(Reason.KEY_NOT_FOUND));
    assertEquals(1, units.read(State::auditHead).seq());
    assertEquals("key_not_found", units.read(state -> state.audit(0, 1, null, null)).getFirst().member("reason"));
    assertTrue(call.isRecorded());
    assertThrows(IllegalStateException.class, () -> units.write(call, "t", making()));
  }

  @Test
  @DisplayName("A-92 Whatever units of work wrote is whole when it is checked")
  void chained() {
    for (int i = 0; i < 5; i++) {
      units.write(call(), Key::id, making());
    }
    AuditHead head = units.read(State::auditHead);
    assertEquals(new AuditRules.Checked(head, null), AuditRules.check(KEY, AuditHead.NONE,
        units.read(state -> state.audit(0, 10, null, null)), new AuditRules.Expected(head, null)));
  }
}
