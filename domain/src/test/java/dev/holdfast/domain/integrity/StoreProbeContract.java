package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link StoreProbe} promises. */
public abstract class StoreProbeContract {

  /** Opens a probe in a folder that stays the same for a test. */
  protected abstract StoreProbe open();

  /** Bytes of all files in the folder together. */
  protected abstract long bytesInFolder() throws IOException;

  @Test
  @DisplayName("every unit is stored, and closing leaves nothing of them")
  void storesAndLeavesNothing() throws IOException {
    long before = bytesInFolder();
    try (StoreProbe probe = open()) {
      assertEquals(0, probe.units());
      probe.commit(1);
      assertEquals(1, probe.units());
      probe.commit(100);
      assertEquals(101, probe.units());
      assertTrue(bytesInFolder() > before + 101 * 200);
    }
    assertEquals(before, bytesInFolder());
  }

  @Test
  @DisplayName("closing twice is closing once, and nothing is committed after it")
  void closed() {
    StoreProbe probe = open();
    probe.close();
    probe.close();
    assertThrows(StoreException.class, () -> probe.commit(1));
    try (StoreProbe next = open()) {
      assertEquals(0, next.units());
    }
  }
}
