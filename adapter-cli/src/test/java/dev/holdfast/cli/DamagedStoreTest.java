package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose database isn't what it wrote. */
class DamagedStoreTest {
  private static final int PAGE = 4096;

  @TempDir
  Path folder = Path.of(".");

  private Path data() {
    return folder.resolve("data");
  }

  private Path database() {
    return data().resolve("db").resolve("holdfast.db");
  }

  private void used() throws Exception {
    try (var daemon = DaemonProcess.start(data())) {
      assertEquals(ExitCode.OK, daemon.cli("worker", "create").exitCode());
      daemon.signal("TERM");
    }
  }

  @Test
  @DisplayName("serve on a damaged database: exit 8, store_corrupt, which file it is, and what to do")
  void flippedBytes() throws Exception {
    used();
    flip();
    Finished refused =
        Finished.of(DaemonProcess.command(Map.of(), List.of("serve", "--port", "0", "--data", data().toString())));
    assertEquals(ExitCode.STORE, refused.exitCode(), refused.err());
    assertTrue(refused.err().contains("(store_corrupt)"), refused.err());
    assertTrue(refused.err().contains("the store is damaged: " + database()), refused.err());
    assertTrue(refused.err().contains("try: holdfast store doctor, and restore"), refused.err());
  }

  private void flip() throws IOException {
    byte[] bytes = Files.readAllBytes(database());
    for (int at = PAGE; at < bytes.length; at += 5) {
      bytes[at] ^= 0x55;
    }
    Files.write(database(), bytes);
  }

  @Test
  @DisplayName("a request that meets a damaged row answers 500 store_corrupt, and the node serves what it can read")
  void damagedRow() throws Exception {
    used();
    sql("UPDATE head SET status = 'neither'");
    try (var daemon = DaemonProcess.start(data())) {
      Finished refused = daemon.cli("worker", "show", "worker-00000001");
      assertEquals(ExitCode.STORE, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("(store_corrupt)"), refused.err());
      Finished whole = daemon.cli("model", "list");
      assertEquals(ExitCode.OK, whole.exitCode(), whole.err());
    }
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA ignore_check_constraints = 1");
      statement.execute(text);
    }
  }
}
