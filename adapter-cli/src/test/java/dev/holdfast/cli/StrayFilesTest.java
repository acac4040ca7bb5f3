package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files in a data directory that no node has written. */
class StrayFilesTest {
  @TempDir
  Path folder = Path.of(".");

  private Path data() {
    return folder.resolve("data");
  }

  private void put(String path) throws IOException {
    Files.writeString(data().resolve(path), "mine");
  }

  private Finished doctor() {
    return Finished.inProcess(Map.of(), "store", "doctor", "--deep", "-o", "json", "--data", data().toString());
  }

  private void check(String backend, List<String> strays) throws Exception {
    try (var daemon = DaemonProcess.start(data(), "--store", backend)) {
      daemon.cli("worker", "create");
      daemon.signal("TERM");
    }
    for (String stray : strays) {
      put(stray);
    }
    Finished offline = doctor();
    assertEquals(ExitCode.OK, offline.exitCode(), offline.out() + offline.err());
    try (var daemon = DaemonProcess.start(data(), "--store", backend)) {
      Finished online = daemon.cli("store", "doctor", "--deep", "-o", "json");
      assertEquals(ExitCode.OK, online.exitCode(), online.out() + online.err());
      for (String stray : strays) {
        String told = "\"reason\":\"uncommitted_write\",\"severity\":\"info\",\"subject\":\"" + stray + "\"";
        assertTrue(offline.out().contains(told), offline.out());
        assertTrue(online.out().contains(told), online.out());
      }
      assertEquals(ExitCode.OK, daemon.cli("worker", "create").exitCode());
      Finished recovered = daemon.cli("store", "recover", "--apply");
      assertEquals(ExitCode.OK, recovered.exitCode(), recovered.out() + recovered.err());
      daemon.signal("TERM");
    }
    for (String stray : strays) {
      assertEquals("mine", Files.readString(data().resolve(stray)));
    }
  }

  @Test
  @DisplayName("W-A20 stray files beside a store on plain files: told by the doctor, offline and by the node, and never touched; the store is "
      + "healthy")
  void filesystem() throws Exception {
    check("filesystem", List.of("notes.txt", "fs/stores/other.json", "fs/journal/seg-0000000000000001.hfj.bak",
        "fs/index/image-mine"));
  }

  @Test
  @DisplayName("W-A20 stray files beside a database: told by the doctor, offline and by the node, and never touched; the store is healthy")
  void sqlite() throws Exception {
    check("sqlite", List.of("notes.txt", "db/holdfast.db.bak"));
  }
}
