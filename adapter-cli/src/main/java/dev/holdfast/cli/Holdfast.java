package dev.holdfast.cli;

import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.domain.Reason;
import java.time.Duration;
import java.util.Map;
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
  private final Screen screen;
  private @Nullable Settings settings;

  Holdfast(Map<String, String> environment, Screen screen) {
    this.environment = environment;
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

  @Option(names = "--data", scope = ScopeType.INHERIT, paramLabel = "DIR", order = 104,
      description = "The data directory. Default: $${XDG_DATA_HOME:-~/.local/share}/holdfast.")
  @Nullable
  String data;

  @Option(names = "--timeout", scope = ScopeType.INHERIT, paramLabel = "SECONDS", order = 105,
      description = "How long to wait for an answer. Default: 30.")
  @Nullable
  Integer timeout;

  @Option(names = "--no-color", scope = ScopeType.INHERIT, order = 106, description = "No colours.")
  boolean noColor;

  Screen screen() {
    boolean plain = noColor || !environment.getOrDefault("NO_COLOR", "").isEmpty()
        || environment.getOrDefault("TERM", "").equals("dumb");
    screen.setColor(!plain);
    return screen;
  }

  /** One for the whole command: a command adds flags of its own to it. */
  Settings settings() {
    if (settings == null) {
      settings = new Settings(environment)
          .flag(Settings.Name.URL, url)
          .flag(Settings.Name.KEY_FILE, keyFile)
          .flag(Settings.Name.DATA, data)
          .flag(Settings.Name.OUTPUT, output)
          .flag(Settings.Name.TIMEOUT, timeout);
    }
    return settings;
  }

  static Client client(Settings effective) {
    return new Client(effective.required(Settings.Name.URL), KeyLookup.find(effective), timeout(effective));
  }

  private static Duration timeout(Settings effective) {
    String text = effective.required(Settings.Name.TIMEOUT);
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the timeout is a number of seconds, not " + text);
    }
    return Duration.ofSeconds(Long.parseLong(text));
  }
}
