package dev.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are told to stop when they have hardly begun, or once more while they stop. */
class StoppedLaunchTest {
  /** Spread over a start, however long that takes on this machine. */
  private static final int STOPS = 4;

  @TempDir
  Path folder = Path.of(".");

  private Process launched(String backend, Path data) {
    return DaemonProcess.begun(List.of("serve", "--data", data.toString(), "--port", "0", "--store", backend));
  }

  private long startMillis(String backend, Path data) throws Exception {
    long began = System.nanoTime();
    try (var daemon = DaemonProcess.start(data, "--store", backend)) {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      daemon.signal("TERM");
      return took;
    }
  }

  @Test
  @DisplayName("I-A40 SIGTERM during each launch step, and a second one in the drain: the next launch is healthy")
  void stopped() throws Exception {
    for (String backend : List.of("filesystem", "sqlite")) {
      Path data = folder.resolve(backend);
      long whole = startMillis(backend, folder.resolve("measured-" + backend));
      for (int stop = 0; stop < STOPS; stop++) {
        Process process = launched(backend, data);
        // No event tells how far a process has come that says nothing yet.
        if (!process.waitFor(whole * stop / STOPS, TimeUnit.MILLISECONDS)) {
          process.destroy();
          process.destroy();
        }
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), backend + " " + stop);
      }
      try (var daemon = DaemonProcess.start(data, "--store", backend)) {
        assertEquals(ExitCode.OK, daemon.cli("store", "doctor").exitCode(), backend);
        assertEquals(ExitCode.OK, daemon.cli("worker", "create").exitCode(), backend);
        daemon.nudge("TERM");
        daemon.signal("TERM");
      }
      try (var daemon = DaemonProcess.start(data, "--store", backend)) {
        assertEquals(ExitCode.OK, daemon.cli("store", "doctor", "--deep").exitCode(), backend);
      }
    }
  }
}
