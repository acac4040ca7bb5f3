package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreSuite;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about keys. */
public abstract class AccessReadsContract extends StoreSuite {

  private static Key key(String id, Role role) {
    return new Key(id, "s", role, "l", "ab".repeat(32), true, Key.Limits.NONE, START, null, null, null, null, 1);
  }

  @Test
  @DisplayName("a new store has no key, which tells a first start")
  void noKey() {
    assertEquals(0, read(AccessReads::keyCount));
    assertTrue(read(state -> state.key("0123456789abcdef")).isEmpty());
    assertTrue(read(state -> state.keys("", 10, null)).isEmpty());
  }

  @Test
  @DisplayName("a key of each role comes back with every member")
  void keysComeBack() {
    int count = 0;
    for (Role role : Role.values()) {
      boolean full = count % 2 == 0;
      var limits = new Key.Limits(List.of("a, \"b\"", "c"), 3, 7);
      var key = new Key("%016x".formatted(++count), "subject " + count, role, "a \"label\"", "ab".repeat(32), full,
          full ? limits : Key.Limits.NONE, START.plusNanos(1000), full ? "0".repeat(16) : null,
          full ? START.plusSeconds(60) : null, full ? null : START.plusSeconds(30), full ? START.plusSeconds(1) : null,
          count);
      put(new AccessChange.KeyPut(key));
      int expected = count;
      nowAndAfterReopen(() -> {
        assertEquals(Optional.of(key), read(state -> state.key(key.id())));
        assertEquals(List.of(key), read(state -> state.keys("", 10, role)));
        assertEquals(expected, read(AccessReads::keyCount));
      });
    }
  }

  @Test
  @DisplayName("a key that is put again takes the place of the first")
  void putAgain() {
    var key = key("0123456789abcdef", Role.ADMIN);
    var revoked = key.revokedAt(START);
    put(new AccessChange.KeyPut(key));
    put(new AccessChange.KeyPut(revoked));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(revoked), read(state -> state.key(key.id())));
      assertEquals(1, read(AccessReads::keyCount));
      assertTrue(read(state -> state.key("0123456789ABCDEF")).isEmpty());
    });
  }

  @Test
  @DisplayName("keys are listed by id, after a place, of one role or of all; a removed one is gone")
  void listed() {
    for (int i = 9; i > 0; i--) {
      put(new AccessChange.KeyPut(key("%016x".formatted(i), i % 3 == 0 ? Role.ADMIN : Role.CONSUMER)));
    }
    put(new AccessChange.KeyRemoved("%016x".formatted(4)));
    put(new AccessChange.KeyRemoved("%016x".formatted(4)));

    nowAndAfterReopen(() -> {
      assertEquals(List.of(1, 2, 3, 5), ids("", 4, null));
      assertEquals(List.of(6, 7, 8, 9), ids("%016x".formatted(5), 10, null));
      assertEquals(List.of(3, 6), ids("", 2, Role.ADMIN));
      assertEquals(List.of(9), ids("%016x".formatted(6), 2, Role.ADMIN));
      assertEquals(List.of(), ids("", 2, Role.OBSERVER));
      assertEquals(8, read(AccessReads::keyCount));
    });
  }

  private List<Integer> ids(String after, int limit, @Nullable Role role) {
    return read(state -> state.keys(after, limit, role)).stream().map(key -> Integer.parseInt(key.id(), 16)).toList();
  }
}
