package dev.holdfast.cli.integrity;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What commands and the node are configured with. */
@Command(
    name = "config",
    description = "See the settings that are in effect.",
    subcommands = ConfigCommand.Show.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast config show --origin"})
public final class ConfigCommand {

  /** The effective settings. */
  @Command(
      name = "show",
      description = "The settings in effect. A flag goes before a HOLDFAST_ variable, and that before the default.",
      footer = {
        "", "Examples:",
        "  holdfast config show",
        "  holdfast config show --origin                        where each comes from",
        "  HOLDFAST_URL=http://box:7400 holdfast config show --origin -o json"})
  static final class Show extends NodeVerb {
    private static final Column NAME = Column.of("NAME", "name");
    private static final Column VALUE = Column.of("VALUE", "value");
    private static final Column ORIGIN = Column.of("ORIGIN", "origin");

    @Option(names = "--origin", description = "Show where each setting comes from.")
    boolean origin;

    @Override
    public Integer call() {
      List<Json> all = settings().all().stream()
          .map(s -> Json.object("name", s.name(), "value", s.value(), "origin", origin ? s.origin() : null))
          .toList();
      output().list(all, origin ? List.of(NAME, VALUE, ORIGIN) : List.of(NAME, VALUE));
      return ExitCode.OK;
    }
  }
}
