package dev.holdfast.cli;

import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.access.Trust;
import dev.holdfast.cli.access.configuration.Places;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program as a command: what it is, and the options that every command takes. Its commands are {@link Commands}. */
@Command(
    name = "holdfast",
    header = "Keeps AI agents and the models they use running.",
    description = "%nWhat it accepted, it finishes, resumes or explains.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast run \"Summarise the release notes\"   one durable turn, with nothing running before",
      "  holdfast serve                                a node for agents, scripts and tools",
      "  holdfast worker create --task \"Summarise the release notes\"",
      "  holdfast worker send worker-00000001 \"Start with the storage changes\" --follow",
      "  holdfast provider add local --url http://127.0.0.1:11434/v1",
      "",
      "Exit codes: 0 ok, 1 failed, 2 usage, 3 not found, 4 key or role, 5 conflict, 6 node unreachable or port or",
      "data directory taken, 7 over capacity, 8 store damaged, 9 time-out, 130 interrupted."})
public final class Holdfast {
  private final Map<String, String> environment;
  private final Places places;
  private final Screen screen;
  private final Set<String> told = new HashSet<>();
  private @Nullable Settings settings;

  Holdfast(Map<String, String> environment, Places places, Screen screen) {
    this.environment = environment;
    this.places = places;
    this.screen = screen;
  }

  @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT, description = "Show this help.",
      order = 100)
  boolean help;

  @Option(names = {"-o", "--output"}, scope = ScopeType.INHERIT, paramLabel = "FORMAT", order = 101,
      description = "table, wide, json, yaml, ndjson or name.")
  @Nullable
  String output;

  // Not inherited: one command has a --url of its own, which names something else.
  @Option(names = "--url", paramLabel = "URL", order = 102,
      description = "The node to talk to. Default: http://127.0.0.1:7400.")
  @Nullable
  String url;

  @Option(names = "--key-file", scope = ScopeType.INHERIT, paramLabel = "FILE", order = 103,
      description = "The file that holds your key. Default on the node's own machine: its admin key.")
  @Nullable
  String keyFile;

  @Option(names = "--context", scope = ScopeType.INHERIT, paramLabel = "NAME", order = 103,
      description = "The node of that name in your configuration file.")
  @Nullable
  String context;

  @Option(names = "--ca-file", scope = ScopeType.INHERIT, paramLabel = "FILE", order = 103,
      description = "The authority (PEM) that the node's certificate must be from, for https.")
  @Nullable
  String caFile;

  @Option(names = "--data", scope = ScopeType.INHERIT, paramLabel = "DIR", order = 104,
      description = "The data directory. Default: $${XDG_DATA_HOME:-~/.local/share}/holdfast.")
  @Nullable
  String data;

  @Option(names = "--timeout", scope = ScopeType.INHERIT, paramLabel = "SECONDS", order = 105,
      description = "How long to wait for an answer. Default: 30.")
  @Nullable
  Integer timeout;

  @Option(names = "--yes", scope = ScopeType.INHERIT, order = 106,
      description = "Don't ask before taking something away.")
  boolean yes;

  @Option(names = "--no-input", scope = ScopeType.INHERIT, order = 106,
      description = "Never ask anything, as where there is no terminal.")
  boolean noInput;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, order = 106, description = "No colours.")
  boolean noColor;

  @Option(names = {"-v", "--verbose"}, scope = ScopeType.INHERIT, order = 106,
      description = "Tell which calls are made, and when one waits.")
  boolean verbose;

  Screen screen() {
    boolean plain = noColor || !environment.getOrDefault("NO_COLOR", "").isEmpty()
        || environment.getOrDefault("TERM", "").equals("dumb");
    screen.setColor(!plain);
    screen.setVerbose(verbose);
    return screen;
  }

  /** One for the whole command: a command adds flags of its own to it. */
  Settings settings() {
    if (settings == null) {
      settings = new Settings(environment, places)
          .flag(Settings.Name.CONTEXT, context)
          .flag(Settings.Name.CA_FILE, caFile)
          .flag(Settings.Name.URL, url)
          .flag(Settings.Name.KEY_FILE, keyFile)
          .flag(Settings.Name.DATA, data)
          .flag(Settings.Name.OUTPUT, output)
          .flag(Settings.Name.TIMEOUT, timeout);
    }
    return settings;
  }

  @Nullable
  Path userFolder() {
    Path file = places.userFile();
    return file == null ? null : file.getParent();
  }

  boolean isConfirmed() {
    return yes || noInput;
  }

  Client client(Settings effective) {
    String caFile = effective.value(Settings.Name.CA_FILE);
    String url = effective.required(Settings.Name.URL);
    String key = KeyLookup.find(effective);
    for (String warning : KeyLookup.warnings(effective)) {
      if (told.add(warning)) {
        screen().talk("holdfast: " + warning);
      }
    }
    return new Client(url, key, Duration.ofSeconds(effective.number(Settings.Name.TIMEOUT)),
        caFile == null || !url.startsWith("https:") ? null : Trust.of(Path.of(caFile)), screen()::detail);
  }
}
