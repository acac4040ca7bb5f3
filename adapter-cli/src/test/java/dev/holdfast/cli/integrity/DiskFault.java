package dev.holdfast.cli.integrity;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** System calls of a running process that fail, as strace makes them do; the disk itself does none of them meanwhile. */
final class DiskFault implements AutoCloseable {
  static final String SYNCS = "fsync,fdatasync";

  private final Process tracer;
  private final Path trace;

  private DiskFault(Process tracer, Path trace) {
    this.tracer = tracer;
    this.trace = trace;
  }

  /** Skips the test, loudly, where that can't be done. */
  static void requireTracing() throws IOException, InterruptedException {
    boolean traced = false;
    try {
      Process trial = new ProcessBuilder("strace", "-f", "-qq", "-o", "/dev/null", "-e",
          "inject=" + SYNCS + ":error=EIO:when=1000", "true").redirectErrorStream(true).start();
      trial.getInputStream().readAllBytes();
      traced = trial.waitFor() == 0;
    } catch (IOException _) {
      // There is no strace.
    }
    if (!traced) {
      System.out.println("SKIPPED: strace can't trace here, so no node meets a failing disk");
    }
    assumeTrue(traced, "strace can't trace here");
  }

  /**
   * From its return on these calls of the process fail, until it is closed.
   *
   * @param error as EIO
   * @param file the only one of which they do; null for all
   * @param notes a folder for what is told of them
   */
  static DiskFault in(long pid, String calls, String error, @Nullable Path file, Path notes) throws IOException {
    Path said = Files.createTempFile(notes, "strace", ".said");
    Path trace = Files.createTempFile(notes, "strace", ".trace");
    List<String> words = new ArrayList<>(List.of("strace", "-f", "-p", Long.toString(pid), "-o", trace.toString(), "-e",
        "trace=" + calls, "-e", "inject=" + calls + ":error=" + error));
    if (file != null) {
      words.addAll(List.of("-P", file.toString()));
    }
    Process tracer = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    await().atMost(Duration.ofSeconds(30)).until(() -> {
      assertTrue(tracer.isAlive(), () -> "strace ended: " + said);
      return Files.readString(said).contains("attached");
    });
    return new DiskFault(tracer, trace);
  }

  /** How many calls have failed. */
  long count() throws IOException {
    try (var lines = Files.lines(trace)) {
      return lines.filter(line -> line.contains("(INJECTED)")).count();
    }
  }

  /** The disk is well again. */
  @Override
  public void close() throws IOException {
    try {
      // It ends with the process that it follows; told to end before, it lets that go on.
      if (tracer.isAlive()) {
        new ProcessBuilder("kill", "-INT", Long.toString(tracer.pid())).inheritIO().start().waitFor();
      }
      tracer.waitFor();
    } catch (InterruptedException e) {
      tracer.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
