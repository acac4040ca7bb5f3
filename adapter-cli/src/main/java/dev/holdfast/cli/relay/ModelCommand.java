package dev.holdfast.cli.relay;

import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Models, by the names that callers use. */
@Command(
    name = "model",
    description = "See which models there are, and choose the default.",
    subcommands = {ModelCommand.Listed.class, ModelCommand.Default.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast model list", "  holdfast model default local"})
public final class ModelCommand {

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The models that callers can name.",
      footer = {"", "Examples:", "  holdfast model list", "  holdfast model ls -o name"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("MODEL", "name"), Column.of("DEFAULT", "default"),
        Column.of("AVAILABLE", "available"), Column.wide("PROVIDERS", "size"));

    @Override
    public Integer call() {
      output().list(list(client().object("/api/v1/models"), "items"), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** The one that is used where nothing names one. */
  @Command(
      name = "default",
      description = "Use this model where neither worker nor caller names one.",
      footer = {"", "Examples:", "  holdfast model default local"})
  static final class Default extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("model", "name"), Column.of("default", "default"));

    @Parameters(paramLabel = "NAME", description = "The model's name.")
    String name = "";

    @Override
    public Integer call() {
      output().one(client().put("/api/v1/models/default", Json.object("name", name)), COLUMNS);
      return ExitCode.OK;
    }
  }
}
