package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon and its clients, as real processes. */
class ServeTest {
  private static final String SLOW = "{\"scripted\":{\"words\":40,\"delay_ms\":60}}";
  private static final String FORTY = String.join(" ",
      IntStream.rangeClosed(1, 40).mapToObj(i -> "word" + i).toList());

  @TempDir
  Path folder = Path.of(".");

  private static String newWorker(DaemonProcess daemon) {
    return daemon.cli("worker", "create", "-o", "name").out().strip();
  }

  private static void awaitOpenTurn(DaemonProcess daemon, String worker) {
    Awaitility.await().atMost(Duration.ofSeconds(30))
        .until(() -> daemon.cli("worker", "show", worker).out().contains("open turn"));
  }

  @Test
  @DisplayName("A-A25 the first five minutes: create, send, follow, transcript, lists, each with JSON that parses")
  void firstFiveMinutes() {
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      assertEquals("worker-00000001", newWorker(daemon));
      Finished sent = daemon.cli("worker", "send", "worker-00000001", "Start", "with", "storage", "--follow");
      assertEquals(ExitCode.OK, sent.exitCode(), sent.err());
      assertTrue(sent.out().contains("You wrote: \"Start with storage\""), sent.out());
      Finished answer = daemon.cli("worker", "send", "worker-00000001", "again", "--follow", "-o", "json");
      assertEquals("completed", answer.json().members().get("outcome"));
      String turn = Objects.requireNonNull(answer.json().members().get("turn_id")).toString();
      for (List<String> command : List.of(List.of("worker", "list"), List.of("worker", "show", "worker-00000001"),
          List.of("worker", "transcript", "worker-00000001"), List.of("input", "list", "worker-00000001"),
          List.of("turn", "list", "worker-00000001"), List.of("turn", "show", turn), List.of("event", "list"),
          List.of("runtime", "show"), List.of("model", "list"),
          List.of("provider", "add", "x", "--url", "http://127.0.0.1:9/v1", "--model", "m"),
          List.of("model", "default", "scripted"), List.of("provider", "rm", "x"), List.of("provider", "list"),
          List.of("whoami"),
          List.of("config", "show"), List.of("version"), List.of("worker", "stop", "worker-00000001"))) {
        List<String> json = new ArrayList<>(command);
        json.addAll(List.of("-o", "json"));
        Finished shown = daemon.cli(json.toArray(String[]::new));
        assertEquals(ExitCode.OK, shown.exitCode(), () -> command + ": " + shown.err());
        assertTrue(shown.json().value() instanceof Map, command.toString());
      }
      Finished conflict = daemon.cli("worker", "send", "worker-00000001", "too late");
      assertEquals(ExitCode.CONFLICT, conflict.exitCode(), conflict.err());
      assertTrue(conflict.err().contains("(worker_not_running)"), conflict.err());
    }
  }

  @Test
  @DisplayName("a data directory keeps its kind of store: who doesn't name one gets it, also on the stopped node")
  void filesystem() throws Exception {
    Path data = folder.resolve("data");
    try (var daemon = DaemonProcess.start(data, "--store", "filesystem")) {
      assertEquals(ExitCode.OK, daemon.cli("worker", "send", newWorker(daemon), "hi", "--follow").exitCode());
      daemon.signal("TERM");
    }
    assertTrue(Files.isDirectory(data.resolve("fs").resolve("journal")) && !Files.exists(data.resolve("db")));
    Map<String, String> here = Map.of("HOLDFAST_DATA", data.toString());
    Finished audit = Finished.inProcess(here, "audit", "verify", "--offline");
    assertEquals(ExitCode.OK, audit.exitCode(), audit.err());
    try (var daemon = DaemonProcess.start(data)) {
      Finished shown = daemon.cli("worker", "transcript", "worker-00000001");
      assertTrue(shown.out().contains("hi"), shown.out() + shown.err());
      daemon.signal("TERM");
    }
    Finished other = Finished.of(DaemonProcess.command(here, List.of("serve", "--store", "sqlite", "--port", "0")));
    assertEquals(ExitCode.USAGE, other.exitCode(), other.err());
    assertTrue(other.err().contains("start with --store filesystem, or name another folder with --data"), other.err());
  }

  @Test
  @DisplayName("A-A25 exit code 1: a turn that fails or is incomplete, with its reason")
  void failedTurn() {
    try (var daemon = DaemonProcess.start(folder.resolve("data"), "--store", "memory")) {
      String worker = newWorker(daemon);
      Finished cut = daemon.cli("worker", "send", worker, "x", "--follow", "--options",
          "{\"scripted\":{\"words\":5,\"length_after\":2}}");
      assertEquals(ExitCode.FAILED, cut.exitCode(), cut.err());
      assertEquals("word1 word2 \n", cut.out());
      assertEquals("holdfast: the turn ended as incomplete: The model reached its output limit (max_output_tokens)\n",
          cut.err());
    }
  }

  @ParameterizedTest(name = "a follower in a pipe outlives kill -9 of the daemon on {0} and prints the final text once")
  @ValueSource(strings = {"sqlite", "filesystem"})
  void followAcrossKill(String store) throws Exception {
    try (var daemon = DaemonProcess.start(folder.resolve("data"), "--store", store)) {
      String worker = newWorker(daemon);
      Process follower = DaemonProcess.command(daemon.clientEnvironment(),
          List.of("worker", "send", worker, "go", "--follow", "--options", SLOW));
      awaitOpenTurn(daemon, worker);
      daemon.kill();
      daemon.restart();
      Finished followed = Finished.of(follower);
      assertEquals(ExitCode.OK, followed.exitCode(), followed.err());
      assertEquals(FORTY + "\n", followed.out());
    }
  }

  @Test
  @DisplayName("SIGTERM lets the running turn end, ends with 143, and gives the data directory back")
  void terminated() throws Exception {
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      String worker = newWorker(daemon);
      daemon.cli("worker", "send", worker, "go", "--options", SLOW);
      awaitOpenTurn(daemon, worker);
      assertEquals(ExitCode.TERMINATED, daemon.signal("TERM"));
      daemon.restart();
      Json turns = daemon.cli("turn", "list", worker, "-o", "ndjson").json();
      assertEquals("completed", turns.members().get("outcome"));
      assertEquals(1, ((List<?>) Objects.requireNonNull(turns.members().get("attempts"))).size());
    }
  }

  @Test
  @DisplayName("Ctrl-C without grace hands the turn over; the next start completes it in a second attempt")
  void interrupted() throws Exception {
    try (var daemon = DaemonProcess.start(folder.resolve("data"), "--grace", "0")) {
      String worker = newWorker(daemon);
      daemon.cli("worker", "send", worker, "go", "--options", SLOW);
      awaitOpenTurn(daemon, worker);
      assertEquals(ExitCode.INTERRUPTED, daemon.signal("INT"));
      daemon.restart();
      Finished followed = daemon.cli("turn", "follow", "--worker", worker);
      assertEquals(FORTY + "\n", followed.out());
      Json turn = daemon.cli("turn", "list", worker, "-o", "ndjson").json();
      assertTrue(turn.text().contains("\"ended_by\":\"handed_over\""), turn.text());
    }
  }

  @Test
  @DisplayName("A-A25 exit code 130: Ctrl-C detaches a follower, and the turn goes on")
  void detached() throws Exception {
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      String worker = newWorker(daemon);
      Process follower = DaemonProcess.command(daemon.clientEnvironment(),
          List.of("worker", "send", worker, "go", "--follow", "--options", SLOW));
      awaitOpenTurn(daemon, worker);
      DaemonProcess.signal(follower, "INT");
      assertTrue(follower.waitFor(30, TimeUnit.SECONDS));
      assertEquals(ExitCode.INTERRUPTED, follower.exitValue());
      Finished again = daemon.cli("turn", "follow", "--worker", worker);
      assertEquals(FORTY + "\n", again.out());
    }
  }

  @Test
  @DisplayName("A-A5 the first start writes a key for its owner only, the second writes none")
  void firstKey() throws Exception {
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.data())));
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(daemon.keyFile())));
      String key = daemon.key();
      daemon.kill();
      daemon.restart();
      assertEquals(key, daemon.key());
      Finished found = Finished.inProcess(
          Finished.environment("HOLDFAST_URL", daemon.address().toString(), "HOLDFAST_DATA", daemon.data().toString()),
          "whoami", "-o", "json");
      assertEquals("admin", found.json().members().get("role"));
    }
  }

  @Test
  @DisplayName("a profile that the node doesn't have is warned of on standard error, whatever the form of the output")
  void unknownProfile() {
    try (var daemon = DaemonProcess.start(folder.resolve("data"), "--store", "memory")) {
      for (String form : List.of("table", "json", "name")) {
        Finished created = daemon.cli("worker", "create", "--profile", "reviewr", "-o", form);
        assertEquals(ExitCode.OK, created.exitCode(), created.err());
        assertTrue(created.err().contains("warning: the node has no profile reviewr"), created.err());
      }
    }
  }
}
