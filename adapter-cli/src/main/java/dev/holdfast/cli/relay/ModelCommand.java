package dev.holdfast.cli.relay;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.domain.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Models, by the names that callers use. */
@Command(
    name = "model",
    description = "See which models there are, and choose the default.",
    subcommands = {ModelCommand.Listed.class, ModelCommand.Shown.class, ModelCommand.Default.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  holdfast model list", "  holdfast model show local",
      "  holdfast model default local"})
public final class ModelCommand {

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The models that callers can name.",
      footer = {"", "Examples:", "  holdfast model list", "  holdfast model ls -o name"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("MODEL", "name"), Column.of("DEFAULT", "default"),
        Column.of("AVAILABLE", "available"), Column.of("PROVIDERS", "size"), Column.wide("ACTIVE", "active_count"),
        Column.wide("QUEUED", "queued"));

    @Override
    public Integer call() {
      output().list(list(client().object("/api/v1/models"), "items"), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** One with those who serve it. */
  @Command(
      name = "show",
      description = "One model: who serves it, whether it can be had, how many wait for it.",
      footer = {"", "Examples:", "  holdfast model show local", "  holdfast model show local -o json"})
  static final class Shown extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("model", "name"), Column.of("default", "default"),
        Column.of("available", "available"), Column.of("providers", "size"), Column.of("active", "active_count"),
        Column.of("queued", "queued"), Column.of("served by", "served_by"));

    @Parameters(paramLabel = "NAME", description = "The model's name.")
    String name = "";

    @Override
    public Integer call() {
      String path = "/api/v1/models/" + Client.encoded(name);
      Json model = client().object(path);
      Map<String, @Nullable Object> members = new TreeMap<>(model.members());
      members.put("served_by",
          list(client().object(path + "/providers"), "items").stream().map(one -> text(one, "name")).toList());
      output().one(Json.of(members), COLUMNS);
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
