package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lock between real processes: what no test within one process can show. */
@Timeout(60)
class TwoProcessesTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path temp;

  private Path folder() {
    return temp.resolve("data");
  }

  private DataDirectory open() {
    return FileDataDirectory.open(folder(), "sqlite", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS);
  }

  @Test
  @DisplayName("A-A11 the second process on a data directory is told the holder and changes no byte")
  void secondProcess() throws IOException {
    try (OpeningProcess holder = OpeningProcess.start(folder())) {
      assertEquals("open 1", holder.answer());
      Map<Path, String> before = Snapshots.of(folder());
      StoreException refused = assertThrows(StoreException.class, this::open);
      assertEquals(Reason.DATA_DIR_LOCKED, refused.reason());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(" is held by process " + holder.pid() + ", started 2"), message);
      assertEquals(before, Snapshots.of(folder()));
    }
  }

  @Test
  @DisplayName("I-A21 the holder's lock outlives the openings that the holder itself is refused")
  void strayOpening() throws IOException {
    try (DataDirectory _ = open()) {
      for (int i = 0; i < 3; i++) {
        assertThrows(StoreException.class, this::open);
      }
      try (OpeningProcess second = OpeningProcess.start(folder())) {
        String expected = "data_dir_locked " + folder().toRealPath() + " is held by process "
            + ProcessHandle.current().pid() + ", started ";
        assertTrue(second.answer().startsWith(expected), second.answer());
      }
    }
    try (OpeningProcess next = OpeningProcess.start(folder())) {
      assertEquals("open 2", next.answer());
    }
  }

  @Test
  @DisplayName("a killed holder's lock is free at once, and the epoch goes on")
  void killedHolder() throws IOException {
    try (OpeningProcess holder = OpeningProcess.start(folder())) {
      holder.kill();
      try (DataDirectory next = open()) {
        assertEquals(2, next.epoch());
      }
    }
  }
}
