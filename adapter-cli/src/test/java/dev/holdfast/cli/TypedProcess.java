package dev.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A command on a pseudo-terminal, and somebody who types there and reads what it shows. */
public final class TypedProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final StringBuilder shown = new StringBuilder();
  private int read;

  public TypedProcess(Map<String, String> environment, String... words) {
    process = DaemonProcess.onTerminal(environment, List.of(words));
    Thread.ofVirtual().start(this::pump);
  }

  /** Whether this machine has what makes pseudo-terminals. */
  public static boolean isPossible() {
    return Files.isExecutable(Path.of("/usr/bin/script"));
  }

  private void pump() {
    try (InputStream in = process.getInputStream()) {
      byte[] bytes = new byte[4096];
      for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
        synchronized (shown) {
          shown.append(new String(bytes, 0, n, StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      // The terminal is gone, and the process with it.
    }
  }

  public void type(String text) {
    try {
      process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the text is shown behind what was awaited before, and answers what came before it. */
  public String await(String text) {
    try {
      Awaitility.await().atMost(PATIENCE).until(() -> find(text) >= 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("no \"" + text + "\" behind " + read + " in: " + all(), e);
    }
    int at = find(text);
    String before = all().substring(read, at);
    read = at + text.length();
    return before;
  }

  private int find(String text) {
    return all().indexOf(text, read);
  }

  public String all() {
    synchronized (shown) {
      return shown.toString();
    }
  }

  public int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
