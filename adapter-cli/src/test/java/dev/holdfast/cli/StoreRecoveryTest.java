package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stores of a real node on plain files, damaged and mended. */
class StoreRecoveryTest {
  @TempDir
  Path folder = Path.of(".");

  private Path data() {
    return folder.resolve("data");
  }

  private Path stores(String file) {
    return data().resolve("fs").resolve("stores").resolve(file);
  }

  private DaemonProcess daemon() throws IOException {
    return DaemonProcess.start(data(), "--store", "filesystem");
  }

  private Finished store(String... words) {
    String[] all = new String[words.length + 3];
    all[0] = "store";
    System.arraycopy(words, 0, all, 1, words.length);
    all[words.length + 1] = "--data";
    all[words.length + 2] = data().toString();
    return Finished.inProcess(Map.of(), all);
  }

  private Map<String, String> everything() throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(data())) {
      for (Path file : tree.filter(Files::isRegularFile).toList()) {
        all.put(file.toString(), Files.getLastModifiedTime(file) + " " + Arrays.hashCode(Files.readAllBytes(file)));
      }
    }
    return all;
  }

  private String used() throws Exception {
    try (var daemon = daemon()) {
      String worker = daemon.cli("worker", "create", "--task", "t", "-o", "name").out().strip();
      daemon.kill();
      return worker;
    }
  }

  @Test
  @DisplayName("I-A38 a blocked node: health and doctor answer, reads as well, mutations are refused with"
      + " store_recovery_required, no executor runs; recover brings it to work without a restart")
  void blockedNode() throws Exception {
    String worker = used();
    Files.delete(stores("launch-state.json"));
    try (var daemon = daemon()) {
      assertTrue(daemon.cli("worker", "list").out().contains(worker));
      Finished refused = daemon.cli("worker", "send", worker, "hi");
      assertEquals(ExitCode.STORE, refused.exitCode(), refused.err());
      assertTrue(refused.err().contains("store_recovery_required"), refused.err());
      assertTrue(refused.err().contains("holdfast store doctor"), refused.err());
      Finished found = daemon.cli("store", "doctor");
      assertEquals(ExitCode.STORE, found.exitCode());
      assertTrue(found.out().contains("missing holdfast.launch_state"), found.out());
      assertTrue(found.out().contains("holdfast store recover --apply --relaunch"), found.out());

      assertEquals(ExitCode.STORE, daemon.cli("store", "recover").exitCode());
      assertEquals(ExitCode.STORE, daemon.cli("store", "recover", "--apply").exitCode());
      Finished mended = daemon.cli("store", "recover", "--apply", "--relaunch");
      assertEquals(ExitCode.OK, mended.exitCode(), mended.out() + mended.err());
      assertTrue(mended.out().contains("relaunch holdfast.launch_state"), mended.out());

      Finished answer = daemon.cli("worker", "send", worker, "hi", "--follow");
      assertEquals(ExitCode.OK, answer.exitCode(), answer.err());
      assertTrue(daemon.cli("event", "list", "-o", "json").out().contains("\"name\":\"store.rebuilt\""));
      assertTrue(daemon.cli("audit", "list", "-o", "json").out().contains("\"action\":\"store.recover\""));
      daemon.signal("TERM");
    }
    assertEquals(ExitCode.OK, store("doctor").exitCode());
  }

  @Test
  @DisplayName("I-A36 doctor writes nothing and finds the same offline as a running node does")
  void doctor() throws Exception {
    used();
    Files.writeString(stores("revision.json"), "{bad");
    Files.writeString(stores("session-index.json"), "");
    Map<String, String> before = everything();
    Finished offline = store("doctor", "-o", "json");
    assertEquals(ExitCode.STORE, offline.exitCode());
    assertEquals(before, everything());
    try (var daemon = daemon()) {
      Finished online = daemon.cli("store", "doctor", "-o", "json");
      // The start mends by itself what it may; what it may not is found by both.
      assertEquals(ExitCode.STORE, online.exitCode());
      String revision = "\"reason\":\"invalid_json\",\"severity\":\"error\",\"subject\":\"holdfast.revision\"";
      assertTrue(offline.out().contains(revision), offline.out());
      assertTrue(online.out().contains(revision), online.out());
      daemon.signal("TERM");
    }
    Finished mended = store("recover", "--apply");
    assertEquals(ExitCode.OK, mended.exitCode(), mended.out() + mended.err());
    assertTrue(mended.out().contains("quarantine/revision.json.quarantined."), mended.out());
    assertEquals(ExitCode.OK, store("doctor", "--deep").exitCode());
  }

  @Test
  @DisplayName("I-A20 a store.json with empty stores is blocked, and a lost journal isn't begun anew")
  void lost() throws Exception {
    used();
    try (Stream<Path> files = Files.list(stores("."))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(data().resolve("fs").resolve("manifest.json"));
    Files.delete(data().resolve("fs").resolve("receipts.json"));
    try (var daemon = daemon()) {
      assertEquals(ExitCode.STORE, daemon.cli("worker", "create").exitCode());
      daemon.kill();
    }
    assertEquals(ExitCode.OK, store("recover", "--apply", "--relaunch").exitCode());
    try (var daemon = daemon()) {
      assertEquals(ExitCode.OK, daemon.cli("worker", "create").exitCode());
      daemon.kill();
    }
    Path journal = data().resolve("fs").resolve("journal");
    try (Stream<Path> files = Files.list(journal)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Finished refused = Finished.inProcess(Map.of(), "worker", "list", "--data", data().toString());
    assertFalse(refused.out().contains("WORKER"));
    assertEquals(ExitCode.STORE, store("export").exitCode());
    try (Stream<Path> files = Files.list(journal)) {
      assertEquals(0, files.count());
    }
  }
}
