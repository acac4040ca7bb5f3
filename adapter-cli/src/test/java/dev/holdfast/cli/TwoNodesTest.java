package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Digests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A second node beside a running one, as real processes. */
class TwoNodesTest {
  @TempDir
  static Path folder = Path.of(".");

  @SuppressWarnings("NullAway.Init")
  private static DaemonProcess first;

  @BeforeAll
  static void start() {
    first = DaemonProcess.start(folder.resolve("data"));
  }

  @AfterAll
  static void stop() {
    first.close();
  }

  private static Finished run(String... words) throws InterruptedException {
    return Finished.of(DaemonProcess.command(Map.of(), List.of(words)));
  }

  @Test
  @DisplayName("A-A11 a second node on the port ends with exit code 6")
  void samePort() throws Exception {
    Finished second = run("serve", "--data", folder.resolve("other").toString(), "--port",
        Integer.toString(first.address().getPort()));
    assertEquals(ExitCode.UNREACHABLE, second.exitCode(), second.err());
    assertTrue(second.err().startsWith("holdfast: The port is taken (port_taken)\n"), second.err());
    assertEquals("", second.out());
  }

  @Test
  @DisplayName("A-A11 a second node on the data directory ends with exit code 6, names the holder and changes no file")
  void sameDataDirectory() throws Exception {
    Map<String, String> before = files(first.data());
    Finished second = run("serve", "--data", first.data().toString(), "--port", "0");
    assertEquals(ExitCode.UNREACHABLE, second.exitCode(), second.err());
    assertTrue(second.err().contains("(data_dir_locked)"), second.err());
    assertTrue(second.err().contains("process " + first.pid()), second.err());
    assertTrue(second.err().endsWith("\n  try: ps -fp " + first.pid() + "\n"), second.err());
    assertEquals(before, files(first.data()));
  }

  @Test
  @DisplayName("a run beside a daemon that it doesn't find says who holds the data directory")
  void runBeside() throws Exception {
    Finished run = Finished.of(DaemonProcess.command(
        Map.of("HOLDFAST_DATA", first.data().toString()), List.of("run", "hello")));
    assertEquals(ExitCode.UNREACHABLE, run.exitCode(), run.err());
    assertTrue(run.err().contains("(data_dir_locked)"), run.err());
    assertTrue(run.err().contains("held by process") && run.err().contains("--url"), run.err());
    assertTrue(run.err().endsWith("\n  try: ps -fp " + first.pid() + "\n"), run.err());
  }

  @Test
  @DisplayName("another backend on the data directory is refused before anything is changed")
  void otherBackend() throws Exception {
    Map<String, String> before = files(first.data());
    Finished second = run("run", "--store", "filesystem", "--data", first.data().toString(), "hello");
    assertEquals(ExitCode.USAGE, second.exitCode(), second.err());
    assertTrue(second.err().contains("(schema_mismatch)") && second.err().contains("start with --store sqlite"),
        second.err());
    assertEquals(before, files(first.data()));
  }

  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      // What the running node itself writes between two looks is not the second node's doing.
      all.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith("-shm")).forEach(
          file -> files.put(file.toString(), digest(file)));
    }
    return files;
  }

  private static String digest(Path file) {
    try {
      return Digests.sha256Hex(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
