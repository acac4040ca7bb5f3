package dev.holdfast.cli;

import dev.holdfast.cli.access.configuration.Places;
import dev.holdfast.domain.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A command that has ended: what it printed, and its exit code. */
public record Finished(int exitCode, String out, String err) {

  /** Runs a command in this JVM, off a terminal, with no environment but what is given. */
  static Finished inProcess(Map<String, String> environment, String... args) {
    return inProcess(environment, false, args);
  }

  static Finished inProcess(Map<String, String> environment, boolean terminal, String... args) {
    return inFolder(null, environment, terminal, args);
  }

  /** @param folder to work in, which may have a configuration file of a project; null for none */
  static Finished inFolder(@Nullable Path folder, Map<String, String> environment, boolean terminal, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var screen = new Screen(new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8), terminal, terminal);
    int exitCode = Main.run(environment, new Places(folder, Places.userFile(environment), null), screen, args);
    return new Finished(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Waits for the process to end. */
  static Finished of(Process process) throws InterruptedException {
    CompletableFuture<String> out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    return new Finished(process.waitFor(), out.join(), err.join());
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Json json() {
    return Json.parse(out.strip());
  }

  /** An environment of name and value in turn. */
  static Map<String, String> environment(String... namesAndValues) {
    var environment = new TreeMap<String, String>();
    List<String> all = List.of(namesAndValues);
    for (int i = 0; i < all.size(); i += 2) {
      environment.put(all.get(i), all.get(i + 1));
    }
    return environment;
  }
}
