package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.turns.TurnLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with nothing running before. */
class RunTest {
  /** Long enough an input that its scripted answer takes a few seconds. */
  private static final String LONG = "a ".repeat(90).strip();

  @TempDir
  Path folder = Path.of(".");

  private Map<String, String> here() {
    return Map.of("HOLDFAST_DATA", folder.resolve("data").toString());
  }

  @Test
  @DisplayName("a run without a daemon answers, and everything finds its worker again")
  void embedded() {
    Finished first = Finished.inProcess(here(), "run", "Summarise", "the notes");
    assertEquals(ExitCode.OK, first.exitCode(), first.err());
    assertTrue(first.out().contains("You wrote: \"Summarise the notes\""), first.out());
    assertEquals("worker-00000001  (go on with: holdfast run --worker worker-00000001 \"…\")\n", first.err());
    Finished second = Finished.inProcess(here(), "run", "--worker", "worker-00000001", "And now?", "-o", "json");
    assertEquals("worker-00000001", second.json().members().get("worker_id"), second.err());
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      assertEquals(4, daemon.cli("worker", "transcript", "worker-00000001", "-o", "ndjson").out().lines().count());
      Finished third = daemon.cli("run", "--worker", "worker-00000001", "Once more");
      assertEquals(ExitCode.OK, third.exitCode(), third.err());
      assertTrue(third.out().contains("You wrote: \"Once more\""), third.out());
    }
  }

  @Test
  @DisplayName("a terminal sees the answer grow, a reader of ndjson every record")
  void forms() {
    Finished terminal = Finished.inProcess(here(), true, "run", "hi", "--store", "memory");
    assertTrue(terminal.out().startsWith("This is Holdfast's built-in scripted model"), terminal.out());
    assertTrue(terminal.out().endsWith("/v1\n"), terminal.out());
    Finished records = Finished.inProcess(here(), "run", "hi", "--store", "memory", "-o", "ndjson");
    assertTrue(records.out().lines().findFirst().orElseThrow().contains("\"kind\":\"attempt_started\""), records.out());
    assertTrue(records.out().strip().endsWith("\"outcome\":\"completed\",\"seq\":"
        + records.out().lines().count() + ",\"turn_id\":\"turn-0000000000000007\"}"), records.out());
  }

  @Test
  @DisplayName("Ctrl-C hands over with exit code 130, and the next run goes on with the turn")
  void interrupted() throws Exception {
    Process run = answering();
    DaemonProcess.signal(run, "INT");
    Finished interrupted = Finished.of(run);
    assertEquals(ExitCode.INTERRUPTED, interrupted.exitCode(), interrupted.err());
    assertTrue(
        interrupted.err().lines().anyMatch(line -> line.startsWith("interrupted; the turn is handed over")),
        interrupted.err());
    Finished again = Finished.of(DaemonProcess.command(here(), List.of("run", "--worker", "worker-00000001")));
    assertEquals(ExitCode.OK, again.exitCode(), again.err());
    assertTrue(again.out().contains("You wrote: \"" + LONG + "\""), again.out());
  }

  @Test
  @DisplayName("T-3 a run that was killed in mid-answer is taken over by the next one at once, with a text or without")
  void killed() throws Exception {
    answering().destroyForcibly().waitFor();
    Finished first = Finished.of(DaemonProcess.command(here(), List.of("run", "--worker", "worker-00000001")));
    assertTrue(first.out().contains("You wrote: \"" + LONG + "\""), first.err());
    answering().destroyForcibly().waitFor();
    Finished second = Finished.of(DaemonProcess.command(here(), List.of("run", "--worker", "worker-00000002", "More")));
    assertTrue(second.out().contains("You wrote: \"More\""), second.err());
    try (var daemon = DaemonProcess.start(folder.resolve("data"))) {
      for (String worker : List.of("worker-00000001", "worker-00000002")) {
        List<Json> events = daemon.cli("event", "list", "--worker", worker, "-o", "ndjson").out().lines()
            .map(Json::parse).toList();
        Instant taken = at(events, "lease.acquired");
        Instant resumed = at(events, "turn.resumed");
        // Earlier than the dead process's lease can have expired.
        assertTrue(resumed.isBefore(taken.plus(TurnLimits.DEFAULT.leaseTtl())), events.toString());
      }
    }
  }

  private static Instant at(List<Json> events, String name) {
    Json first = events.stream().filter(event -> name.equals(event.members().get("name"))).findFirst().orElseThrow();
    return Instant.parse(String.valueOf(first.members().get("at")));
  }

  /** A run of its own process, in the middle of its answer. */
  private Process answering() throws IOException {
    Process run = DaemonProcess.command(here(), List.of("run", LONG, "-o", "ndjson"));
    var out = run.inputReader();
    // The first delta tells that the model is being called.
    for (String line = out.readLine(); !line.contains("\"delta\""); line = out.readLine()) {
      // An earlier record, or the end, which fails the test by being null.
    }
    return run;
  }

  @Test
  @DisplayName("refusals of a run without a daemon: no text, an unknown worker, a wrong id, a model that isn't there")
  void refusals() throws Exception {
    assertEquals(ExitCode.USAGE, Finished.of(DaemonProcess.command(here(), List.of("run"))).exitCode());
    assertEquals(ExitCode.NOT_FOUND, Finished.inProcess(here(), "run", "--worker", "worker-000000aa", "x").exitCode());
    assertEquals(ExitCode.USAGE, Finished.inProcess(here(), "run", "--worker", "bob", "x").exitCode());
    Finished failed = Finished.inProcess(here(), "run", "--model", "nope", "x");
    assertEquals(ExitCode.NOT_FOUND, failed.exitCode(), failed.err());
    assertTrue(failed.err().contains("(model_not_found)\n  nope; there are: scripted\n"), failed.err());
    Finished workers = Finished.inProcess(here(), "run", "--worker", "worker-00000001", "x");
    assertEquals(ExitCode.NOT_FOUND, workers.exitCode(), "a worker was made for a model that isn't there");
  }

  @Test
  @DisplayName("an address that was named must answer")
  void namedAddress() {
    Finished refused = Finished.inProcess(here(), "run", "x", "--url", "http://127.0.0.1:1");
    assertEquals(ExitCode.UNREACHABLE, refused.exitCode(), refused.err());
  }
}
