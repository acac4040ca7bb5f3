package dev.holdfast.domain.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.integrity.StoreSuite;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every store answers about keys. */
public abstract class AccessReadsContract extends StoreSuite {

  @Test
  @DisplayName("a new store has no key, which tells a first start")
  void noKey() {
    assertEquals(0, read(AccessReads::keyCount));
    assertTrue(read(state -> state.key("0123456789abcdef")).isEmpty());
  }

  @Test
  @DisplayName("a key of each role comes back with every member")
  void keysComeBack() {
    int count = 0;
    for (Role role : Role.values()) {
      boolean full = count % 2 == 0;
      var key = new Key("%016x".formatted(++count), "subject " + count, role, "a \"label\"", "ab".repeat(32), full,
          START.plusNanos(1000), full ? START.plusSeconds(60) : null, full ? null : START.plusSeconds(30));
      put(new AccessChange.KeyPut(key));
      int expected = count;
      nowAndAfterReopen(() -> {
        assertEquals(Optional.of(key), read(state -> state.key(key.id())));
        assertEquals(expected, read(AccessReads::keyCount));
      });
    }
  }

  @Test
  @DisplayName("a key that is put again takes the place of the first")
  void putAgain() {
    var key = new Key("0123456789abcdef", "s", Role.ADMIN, "l", "ab".repeat(32), true, START, null, null);
    var revoked = new Key("0123456789abcdef", "s", Role.ADMIN, "l", "ab".repeat(32), true, START, null, START);
    put(new AccessChange.KeyPut(key));
    put(new AccessChange.KeyPut(revoked));

    nowAndAfterReopen(() -> {
      assertEquals(Optional.of(revoked), read(state -> state.key(key.id())));
      assertEquals(1, read(AccessReads::keyCount));
      assertTrue(read(state -> state.key("0123456789ABCDEF")).isEmpty());
    });
  }
}
