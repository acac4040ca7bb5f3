package dev.holdfast.cli.access.configuration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where configuration files may be; a place that is null isn't looked at. Where there is no file, none of the classes that read one
 * are loaded.
 *
 * @param workingFolder the project's file is in it or in the nearest folder above that has one
 */
public record Places(@Nullable Path workingFolder, @Nullable Path userFile, @Nullable Path machineFile) {
  public static final String PROJECT_FILE = "holdfast.yaml";

  public static Places of(Map<String, String> environment) {
    return new Places(Path.of("").toAbsolutePath(), userFile(environment), Path.of("/etc/holdfast/config.yaml"));
  }

  /** The XDG specification wants a relative path to be ignored. */
  public static @Nullable Path userFile(Map<String, String> environment) {
    String xdg = environment.get("XDG_CONFIG_HOME");
    String home = environment.get("HOME");
    if (xdg != null && xdg.startsWith("/")) {
      return Path.of(xdg, "holdfast", "config.yaml");
    }
    return home == null || home.isEmpty() ? null : Path.of(home, ".config", "holdfast", "config.yaml");
  }

  /** The files that are there, each before those that it goes before. */
  public List<ConfigurationFile> read(Map<String, String> environment) {
    List<ConfigurationFile> files = new ArrayList<>();
    for (Path folder = workingFolder; folder != null; folder = folder.getParent()) {
      Path file = folder.resolve(PROJECT_FILE);
      if (Files.exists(file)) {
        files.add(ConfigurationReader.read(file, ConfigurationFile.Kind.PROJECT, environment));
        break;
      }
    }
    if (userFile != null && Files.exists(userFile)) {
      files.add(ConfigurationReader.read(userFile, ConfigurationFile.Kind.USER, environment));
    }
    if (machineFile != null && Files.exists(machineFile)) {
      files.add(ConfigurationReader.read(machineFile, ConfigurationFile.Kind.MACHINE, environment));
    }
    return files;
  }
}
