package dev.holdfast.cli.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.cli.DaemonProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "holdfast.faults", matches = "[0-9]+",
    disabledReason = "it runs in the nightly profile")
class ReadOnlyDirectoryIT {
  private static final String READ_ONLY =
      "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";

  @TempDir
  private Path temp;

  @ParameterizedTest(
      name = "I-A28 (read-only folder) on {0}: a node doesn't start in one, says why, ends with exit code 8 "
          + "and changes nothing; it starts once the folder can be written again")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void start(String backend) throws Exception {
    require("nothing can be mounted here, so no node meets a read-only folder", "unshare", "-rm", "true");
    Path data = temp.resolve("data");
    try (DaemonProcess daemon = DaemonProcess.ofDistribution(data, "--store", backend);
        var senders = new Senders(daemon)) {
      var ends = senders.begin();
      senders.awaitMore(5);
      // Killed: what a start would have to write is not only its lock.
      daemon.kill();
      for (var end : ends) {
        end.get();
      }
      Map<String, String> before = bytes(data);

      Process refused = DaemonProcess.begunWith(
          List.of("unshare", "-rm", "sh", "-c", READ_ONLY, data.toString()), data, "--store", backend);
      String said = new String(refused.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

      assertEquals(8, refused.waitFor(), said);
      assertTrue(said.contains("(store_io)") && said.contains(data.toString())
          && said.contains("read-only: mount it for writing"), said);
      assertEquals(before, bytes(data));
      daemon.restart();
      senders.assertStored(backend);
    }
  }

  @ParameterizedTest(
      name = "I-A28 (folders turn read-only) on {0}: what is acknowledged meanwhile is durable, what needs a "
          + "new file is refused and done once the folders can be written again")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void whileRunning(String backend) throws Exception {
    require("no node without privileges can be made here", "setpriv", "--bounding-set",
        "-dac_override,-dac_read_search", "true");
    Path data = temp.resolve("data");
    try (DaemonProcess daemon = DaemonProcess.unprivileged(data, "--store", backend);
        var senders = new Senders(daemon)) {
      var ends = senders.begin();
      senders.awaitMore(5);
      setFolders(data, "r-x------");
      senders.awaitMore(5);

      HttpResponse<String> refused = senders.post("/api/v1/store/backup", "{}");
      assertEquals(500, refused.statusCode(), refused.body());
      assertTrue(refused.body().contains("\"reason\":\"store_io\""), refused.body());
      senders.awaitMore(5);
      assertEquals(200, senders.get("/health/readiness").statusCode());

      setFolders(data, "rwx------");
      HttpResponse<String> made = senders.post("/api/v1/store/backup", "{}");
      assertEquals(200, made.statusCode(), made.body());
      setFolders(data, "r-x------");
      daemon.kill();
      for (var end : ends) {
        end.get();
      }
      setFolders(data, "rwx------");
      daemon.restart();
      senders.assertStored(backend);
    }
  }

  private static void setFolders(Path root, String mode) throws IOException {
    List<Path> folders;
    try (Stream<Path> found = Files.walk(root)) {
      folders = found.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }
  }

  /** Skips the test, loudly, where that command doesn't work. */
  private static void require(String why, String... command) throws IOException, InterruptedException {
    boolean works = false;
    try {
      works = new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException _) {
      // There is no such command.
    }
    if (!works) {
      System.out.println("SKIPPED: " + why);
    }
    assumeTrue(works, why);
  }

  private static Map<String, String> bytes(Path folder) throws Exception {
    var found = new TreeMap<String, String>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        found.put(file.toString(), Files.isDirectory(file) ? "" : HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
      }
    }
    return found;
  }
}
