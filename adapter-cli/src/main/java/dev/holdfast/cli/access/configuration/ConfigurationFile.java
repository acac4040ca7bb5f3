package dev.holdfast.cli.access.configuration;

import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What one file says. A file with problems says nothing, and nothing is done until they are mended.
 *
 * @param contexts nodes by a name of the user's
 * @param profiles of workers
 */
public record ConfigurationFile(Path path, Kind kind, Map<Settings.Name, Entry> settings, Map<String, Context> contexts,
    Map<String, Profile> profiles, List<Problem> problems) {

  /** Whose file it is. */
  public enum Kind {
    /**
     * It may have come with somebody else's project, so it can't say where the user's key goes, nor what a node listens on or
     * where it keeps things.
     */
    PROJECT,
    USER,
    MACHINE
  }

  /** The text of a setting. */
  public record Entry(String text, int line) {}

  /** A node, and what it takes to call it. */
  public record Context(int line, Map<Settings.Name, Entry> settings) {

    /** The text of a setting; empty where the context doesn't say it. */
    public String text(Settings.Name name) {
      Entry entry = settings.get(name);
      return entry == null ? "" : entry.text();
    }
  }

  /** How workers of a name are instructed; {@code instructions}, {@code model}, {@code options}, each where it is set. */
  public record Profile(int line, Json json) {}

  /** What is wrong in a line; line 0 is the file as a whole. */
  public record Problem(Path file, int line, String text) {
    @Override
    public String toString() {
      return file + (line == 0 ? "" : ":" + line) + ": " + text;
    }
  }

  /** Where an entry stands, for people. */
  public String at(int line) {
    return path + ":" + line;
  }
}
