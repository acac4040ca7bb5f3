package dev.holdfast.cli.integrity.bench.relay;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The processes that a run has begun. They are ended with it, also when it is interrupted. */
public final class Children implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MS = 20;

  private final Queue<Child> all = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /** One of them, and all that it has begun. */
  static final class Child implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Child(Process process, Path log) {
      this.process = process;
      this.log = log;
    }

    long pid() {
      return process.pid();
    }

    /** What they have used so far, on all cores. */
    long cpuNanos() {
      return Stream.concat(Stream.of(process.toHandle()), process.descendants())
          .mapToLong(one -> one.info().totalCpuDuration().orElse(Duration.ZERO).toNanos()).sum();
    }

    /** What this process has in memory, in KiB; 0 where the system doesn't tell. */
    double residentKib() throws IOException {
      Path status = Path.of("/proc", Long.toString(pid()), "status");
      if (!Files.isReadable(status)) {
        return 0;
      }
      return Files.readAllLines(status).stream().filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", ""))).findFirst().orElse(0);
    }

    /** What it has said so far. */
    String said() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Until something is so. */
    void await(String what, BooleanSupplier isSo) throws InterruptedException {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!isSo.getAsBoolean()) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IllegalStateException(what + " did not begin: " + said());
        }
        Thread.sleep(LOOK_MS);
      }
    }

    /** Nothing that they have written is needed, so they get no time to end. */
    @Override
    public void close() {
      List<ProcessHandle> begun = process.descendants().toList();
      process.destroyForcibly();
      begun.forEach(ProcessHandle::destroyForcibly);
      try {
        process.waitFor();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * @param log where its output goes
   * @param environment beside this process's own, of which nothing of this program's settings is left
   */
  Child begin(Path log, Map<String, String> environment, List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("HOLDFAST_"));
    builder.environment().putAll(environment);
    var child = new Child(builder.start(), log);
    all.add(child);
    if (closed) {
      child.close();
    }
    return child;
  }

  /** A port of this machine's own that is free now. */
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  static boolean answers(InetSocketAddress address) {
    try (var socket = new Socket()) {
      socket.connect(address);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Child child = all.poll(); child != null; child = all.poll()) {
      child.close();
    }
  }
}
