package dev.holdfast.domain.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link DiskProbe} promises. */
public abstract class DiskProbeContract {

  /** Opens a probe in a folder that stays the same for a test. */
  protected abstract DiskProbe open();

  /** Bytes of all files in the folder together. */
  protected abstract long bytesInFolder() throws IOException;

  @Test
  @DisplayName("every record is appended, and closing leaves nothing of them")
  void appendsAndLeavesNothing() throws IOException {
    long before = bytesInFolder();
    try (DiskProbe probe = open()) {
      probe.append(512);
      assertTrue(bytesInFolder() >= before + 512);
      probe.append(100_000);
      assertTrue(bytesInFolder() >= before + 100_512);
    }
    assertEquals(before, bytesInFolder());
  }

  @Test
  @DisplayName("closing twice is closing once, and nothing is appended after it")
  void closed() {
    DiskProbe probe = open();
    probe.close();
    probe.close();
    assertThrows(StoreException.class, () -> probe.append(1));
    try (DiskProbe next = open()) {
      next.append(1);
    }
  }
}
