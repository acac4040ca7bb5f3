package dev.holdfast.cli;

import dev.holdfast.cli.access.configuration.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Files of a project, of a user and of a machine, and a command line that reads them. */
abstract class ConfigurationSuite {
  @TempDir
  Path folder = Path.of(".");

  Path project = Path.of(".");
  Path user = Path.of(".");
  Path machine = Path.of(".");

  @BeforeEach
  final void places() throws IOException {
    Files.createDirectories(folder.resolve("project").resolve("below"));
    project = folder.resolve("project").resolve("holdfast.yaml");
    user = Files.createDirectories(folder.resolve("home").resolve("holdfast")).resolve("config.yaml");
    machine = folder.resolve("machine.yaml");
  }

  final Settings settings(Map<String, String> environment) {
    return new Settings(environment, new Places(folder.resolve("project").resolve("below"), user, machine));
  }

  final Finished run(Map<String, String> environment, String... words) {
    var all = new TreeMap<>(environment);
    all.put("XDG_CONFIG_HOME", folder.resolve("home").toString());
    all.putIfAbsent("HOLDFAST_DATA", folder.resolve("data").toString());
    return Finished.inFolder(folder.resolve("project").resolve("below"), all, false, words);
  }

  static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
  }
}
