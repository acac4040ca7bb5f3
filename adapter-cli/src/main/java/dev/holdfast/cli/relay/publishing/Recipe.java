package dev.holdfast.cli.relay.publishing;

import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.publishing.Waking;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Loads a model by a command or a call of this machine's own, and waits until it answers. */
final class Recipe implements Waking {
  private static final long LOOK_AGAIN_MS = 500;

  private final @Nullable String command;
  private final @Nullable String url;
  private final PublicProvider backend;
  private final Probe probe;

  /** @param command for a shell; null where {@code url} is posted to */
  Recipe(@Nullable String command, @Nullable String url, PublicProvider backend, Probe probe) {
    this.command = command;
    this.url = url;
    this.backend = backend;
    this.probe = probe;
  }

  @Override
  public boolean wake(Duration within) throws InterruptedException {
    long until = System.nanoTime() + within.toNanos();
    if (!(command == null ? posted(within) : run(command, within))) {
      return false;
    }
    while (probe.fault(backend) != null) {
      if (System.nanoTime() >= until) {
        return false;
      }
      Thread.sleep(LOOK_AGAIN_MS);
    }
    return true;
  }

  private static boolean run(String command, Duration within) throws InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(List.of("sh", "-c", command)).redirectInput(ProcessBuilder.Redirect.from(
          new java.io.File("/dev/null"))).redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      return false;
    }
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
    } finally {
      process.destroy();
    }
  }

  private boolean posted(Duration within) {
    try {
      var call = (HttpURLConnection) URI.create(String.valueOf(url)).toURL().openConnection();
      call.setRequestMethod("POST");
      call.setConnectTimeout((int) within.toMillis());
      call.setReadTimeout((int) within.toMillis());
      int status = call.getResponseCode();
      call.disconnect();
      return status >= 200 && status < 300;
    } catch (IOException | IllegalArgumentException e) {
      return false;
    }
  }
}
