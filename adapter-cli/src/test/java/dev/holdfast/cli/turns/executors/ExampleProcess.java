package dev.holdfast.cli.turns.executors;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.tools.ToolProvider;

/** One of the documentation's example executors as a process of its own. */
final class ExampleProcess implements AutoCloseable {
  private static final Path EXAMPLES = Path.of("..", "docs", "examples").toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int OLDEST_NODE = 20;

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;
  private volatile boolean killed;

  private ExampleProcess(List<String> command, URI node, String key) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(new File("/dev/null"));
    builder.environment().put("HOLDFAST_URL", node.toString());
    builder.environment().put("HOLDFAST_KEY", key);
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Thread.startVirtualThread(this::readLines);
  }

  private void readLines() {
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException e) {
      // Whoever kills it closes its output as well.
      if (!killed) {
        lines.add("(its output broke off)");
      }
    }
  }

  /** The languages of the examples. */
  enum Language {
    JAVA,
    NODE;

    /** As the documentation says to run it. */
    List<String> command() {
      return switch (this) {
        case JAVA -> List.of(java(), EXAMPLES.resolve("Executor.java").toString());
        case NODE -> List.of("node", EXAMPLES.resolve("executor.mjs").toString());
      };
    }

    boolean isHere() {
      if (this == JAVA) {
        return true;
      }
      try {
        Process asked = new ProcessBuilder("node", "--version").start();
        String version = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return Integer.parseInt(version.replaceFirst("^v", "").replaceFirst("[.].*", "")) >= OLDEST_NODE;
      } catch (IOException | NumberFormatException e) {
        return false;
      }
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** Compiled once, so that many starts of the Java example don't each take a compiler's time. */
  static List<String> compiledJava(Path classes) {
    int result = ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
        EXAMPLES.resolve("Executor.java").toString());
    if (result != 0) {
      throw new AssertionError("Executor.java does not compile");
    }
    return List.of(java(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes.toString(), "Executor");
  }

  /** @param words options of the example */
  static ExampleProcess start(List<String> command, URI node, String key, String... words) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(words));
    return new ExampleProcess(line, node, key);
  }

  long pid() {
    return process.pid();
  }

  List<String> lines() {
    return lines;
  }

  String awaitLine(Predicate<String> wanted) {
    return await().atMost(PATIENCE).until(() -> lines.stream().filter(wanted).findFirst().orElse(""),
        line -> !line.isEmpty());
  }

  /** Sends a signal: STOP and CONT as well as TERM. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the executor did not end: " + lines);
    }
    return process.exitValue();
  }

  /** As {@code kill -9}. */
  @Override
  public void close() {
    killed = true;
    process.destroyForcibly();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
