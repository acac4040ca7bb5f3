package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Turns of a real node, looked at, cancelled, steered and followed. */
class TurnsOfNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  /** Longer than any of these tests. */
  private static final String SLOW = "{\"scripted\":{\"words\":20000,\"delay_ms\":20}}";

  @TempDir
  Path folder = Path.of(".");

  @SuppressWarnings("NullAway.Init")
  private DaemonProcess daemon;

  @SuppressWarnings("NullAway.Init")
  private String worker;

  @SuppressWarnings("NullAway.Init")
  private String turn;

  /** A turn in the middle of its answer. */
  @BeforeEach
  void start() {
    daemon = DaemonProcess.start(folder.resolve("data"));
    worker = ok("worker", "create", "-o", "name").strip();
    ok("worker", "send", worker, "slowly", "--options", SLOW);
    Awaitility.await().atMost(PATIENCE).until(() -> !ok("turn", "list", worker, "-o", "name").isBlank());
    turn = ok("turn", "list", worker, "-o", "name").strip();
    Awaitility.await().atMost(PATIENCE).until(() -> number("last_output_seq") > 1);
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  private String ok(String... words) {
    Finished finished = daemon.cli(words);
    assertEquals(ExitCode.OK, finished.exitCode(), finished.err());
    return finished.out();
  }

  private Json last() {
    Json found = Json.parse(ok("turn", "show", turn, "-o", "json"));
    return Json.of(((List<?>) Objects.requireNonNull(found.members().get("attempts"))).getLast());
  }

  private long number(String member) {
    return Long.parseLong(String.valueOf(last().members().get(member)));
  }

  @Test
  @DisplayName("a node that was killed in mid-turn shows in the timeline; the cancel behind it, stage by stage, and again the same")
  void killedAndCancelled() throws Exception {
    daemon.kill();
    daemon.restart();
    Awaitility.await().atMost(PATIENCE).until(() -> number("number") == 2 && number("last_output_seq") > 1);
    String open = ok("turn", "show", turn);
    assertTrue(open.matches("(?s).*\\n\\S+ +\\S+  ├ last sign of attempt 1: output record [0-9]+\\n"
        + " +┊ \\S+ m?s without a sign of it\\n\\S+ +\\S+  ├ attempt 1 lost: the node that ran it was started\\n +┊ +again\\n.*├ attempt 2, lease generation 2\\n"
        + ".*▸ open; builtin:\\S+ holds it.*"), open);
    assertTrue(ok("session", "show", worker).contains("activity        running\n"));
    Finished cancelled = daemon.cli("turn", "cancel", turn, "--note", "enough", "--wait", "released");
    assertEquals(ExitCode.OK, cancelled.exitCode(), cancelled.err());
    assertTrue(cancelled.out().contains("stage         released\n"), cancelled.out());
    String ended = ok("turn", "show", turn);
    assertTrue(ended.matches("(?s).*├ cancel requested by key [0-9a-f]+\\n +│   “enough”\\n.*├ cancel delivered.*"
        + "├ cancel acknowledged.*└ cancelled, revision 1\\n"), ended);
    assertTrue(ended.lines().skip(7).allMatch(line -> line.length() <= 80), ended);
    assertEquals(cancelled.out(), ok("turn", "cancel", turn));
    assertEquals(ExitCode.FAILED, daemon.cli("turn", "follow", turn).exitCode());
  }

  @Test
  @DisplayName("Ctrl-C leaves a turn that goes on; with --cancel-on-interrupt it ends the turn; exit code 130 both times")
  void interrupted() throws Exception {
    Finished left = interrupted("turn", "follow", turn, "-o", "ndjson");
    assertEquals(ExitCode.INTERRUPTED, left.exitCode(), left.err());
    assertTrue(left.err().contains("the turn goes on"), left.err());
    assertTrue(ok("turn", "list", worker).contains("  open "));
    Finished ended = interrupted("turn", "follow", turn, "-o", "ndjson", "--cancel-on-interrupt");
    assertEquals(ExitCode.INTERRUPTED, ended.exitCode(), ended.err());
    assertTrue(ended.err().contains("the turn ended as cancelled"), ended.err());
    assertTrue(ok("turn", "list", worker).contains("  cancelled "));
  }

  /** Presses Ctrl-C once the command has shown something. */
  private Finished interrupted(String... words) throws Exception {
    Process command = DaemonProcess.command(daemon.clientEnvironment(), List.of(words));
    var out = command.inputReader();
    for (String line = out.readLine(); !line.contains("\"delta\""); line = out.readLine()) {
      // An earlier record, or the end, which fails the test by being null.
    }
    DaemonProcess.signal(command, "INT");
    return Finished.of(command);
  }

  @Test
  @DisplayName("an input for the turn that runs waits for its checkpoint and is cancelled there; the turn's own goes with its turn")
  void inputs() {
    String started = ok("input", "list", worker, "-o", "name").strip();
    ok("input", "send", worker, "--active-turn", turn, "Leave the tests out", "--key", "steer");
    assertTrue(ok("input", "list", worker, "--state", "pending_active").contains("Leave the tests out"));
    assertTrue(ok("input", "cancel", worker, "--source-key", "steer").contains("cancelled"));
    Finished taken = daemon.cli("input", "cancel", worker, started);
    assertEquals(ExitCode.CONFLICT, taken.exitCode());
    assertTrue(taken.err().contains(started + " is part of " + turn + ", which is open; builtin:"), taken.err());
    assertTrue(ok("input", "cancel", worker, started, "--cascade").contains("turn_cancel_requested"));
    Awaitility.await().atMost(PATIENCE).until(() -> ok("turn", "list", worker).contains("  cancelled "));
    Finished late = daemon.cli("input", "cancel", worker, started);
    assertEquals(ExitCode.CONFLICT, late.exitCode(), late.err());
  }

  @Test
  @DisplayName("a wake that is due later and a command wait in the queue and are taken back; a repeated wake is the same one")
  void queue() {
    String[] wake = {"queue", "wake", worker, "--origin", "mail", "--sequence", "17", "--not-before",
      "2999-01-01T00:00:00Z", "Two new", "-o", "name"};
    String batch = ok(wake);
    assertEquals(batch, ok(wake));
    assertTrue(ok("queue", "command", worker, "reset_session", "--note", "a new task").contains("reset_session"));
    String listed = ok("queue", "list", worker);
    assertTrue(listed.contains("mail:17 Two new") && listed.contains("reset_session (a new task)"), listed);
    assertEquals(ExitCode.OK, daemon.cli("queue", "cancel", worker, batch.strip()).exitCode());
    Finished unknown = daemon.cli("queue", "cancel", worker, "batch-00000000000000ff");
    assertEquals(ExitCode.NOT_FOUND, unknown.exitCode());
    assertTrue(unknown.err().contains("try: holdfast queue list " + worker), unknown.err());
  }
}
