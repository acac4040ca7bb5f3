package dev.holdfast.cli.relay;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Addresses that the node calls to serve models. */
@Command(
    name = "provider",
    description = "Add, change and remove those who serve models.",
    subcommands = {ProviderCommand.Add.class, ProviderCommand.Listed.class, ProviderSetCommand.class,
      ProviderSetCommand.Enable.class, ProviderSetCommand.Disable.class, ProviderCommand.Transfer.class,
      ProviderCommand.Remove.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "", "Examples:",
      "  holdfast provider add local --url http://127.0.0.1:11434/v1",
      "  holdfast provider set local --max-in-flight 8",
      "  holdfast provider list"})
public final class ProviderCommand {
  static final List<Column> FACTS = List.of(Column.of("provider", "name"), Column.of("kind", "kind"),
      Column.of("serves", "model"), Column.of("address", "url"), Column.of("publisher", "publisher_id"),
      Column.of("status", "status"), Column.of("enabled", "enabled"), Column.of("model", "backend_model"),
      Column.of("pool", "pool"), Column.of("visibility", "visibility"), Column.of("owner", "owner"),
      Column.of("max in flight", "max_in_flight"), Column.of("tier", "tier"),
      Column.of("credential", "credential_ref"), Column.of("created", "created_at"));

  /** A new one. */
  @Command(
      name = "add",
      aliases = "create",
      description = {
        "Add an OpenAI-compatible address: Ollama, vLLM, llama-server, LM Studio or a service. Its name is the model's name"
            + " for callers, and the first one becomes the default model."},
      footer = {
        "", "Examples:",
        "  holdfast provider add local --url http://127.0.0.1:11434/v1          asks it for its model",
        "  holdfast provider add big --url http://127.0.0.1:8000/v1 --model Qwen/Qwen3-32B",
        "  holdfast provider add cloud --url https://api.example.com/v1 --model m-1 --credential env:EXAMPLE_KEY",
        "  holdfast provider add big-2 --url http://10.0.0.2:8000/v1 --allow-http --pool big     one of several of \"big\"",
        "", "A credential is named, never given: env:NAME and file:PATH are read by the node when it calls."})
  static final class Add extends Verb {
    @Parameters(paramLabel = "NAME", description = "What callers call the model.")
    String name = "";

    // Beside the global --url, which names the node, this one names the provider.
    @Option(names = "--url", paramLabel = "URL", required = true, description = "The provider's base address.")
    String url = "";

    @Option(names = "--model", paramLabel = "MODEL", description = "The model's name there; asked for when absent.")
    @Nullable
    String model;

    @Option(names = "--credential", paramLabel = "env:NAME|file:PATH",
        description = "Where the node finds its API key.")
    @Nullable
    String credential;

    @Option(names = "--allow-http", description = "Take plain http beyond this machine.")
    boolean allowHttp;

    @Mixin
    ProviderTerms terms = new ProviderTerms();

    @Override
    public Integer call() {
      Json request = terms.with(Json.object("name", name, "url", url, "backend_model", model, "credential_ref",
          credential, "allow_http", allowHttp ? true : null));
      output().one(client().post("/api/v1/providers", request), FACTS);
      return ExitCode.OK;
    }
  }

  /** All of them. */
  @Command(
      name = "list",
      aliases = "ls",
      description = "The providers, by name.",
      footer = {"", "Examples:", "  holdfast provider list", "  holdfast provider ls -o json"})
  static final class Listed extends NodeVerb {
    private static final List<Column> COLUMNS = List.of(Column.of("PROVIDER", "name"), Column.of("KIND", "kind"),
        Column.of("SERVES", "model"), Column.of("STATUS", "status"), Column.of("ENABLED", "enabled"),
        Column.of("ADDRESS", "url"), Column.of("MODEL", "backend_model"), Column.wide("CREDENTIAL", "credential_ref"),
        Column.wide("OWNER", "owner"), Column.wide("CREATED", "created_at"));

    @Override
    public Integer call() {
      output().list(list(client().object("/api/v1/providers"), "items"), COLUMNS);
      return ExitCode.OK;
    }
  }

  /** Somebody else's from now on. */
  @Command(
      name = "transfer",
      description = "Give a publisher's provider to another subject.",
      footer = {"", "Examples:", "  holdfast provider transfer laptop --to research"})
  static final class Transfer extends NodeVerb {
    @Parameters(paramLabel = "NAME", description = "The provider's name.")
    String name = "";

    @Option(names = "--to", paramLabel = "SUBJECT", required = true, description = "Whose it is to be.")
    String subject = "";

    @Override
    public Integer call() {
      output().one(client().post("/api/v1/providers/" + Client.encoded(name) + "/transfer",
          Json.object("to_subject", subject)), FACTS);
      return ExitCode.OK;
    }
  }

  /** One less. */
  @Command(
      name = "rm",
      aliases = "remove",
      description = "Remove a provider. When it was the default model, scripted takes its place.",
      footer = {"", "Examples:", "  holdfast provider rm local"})
  static final class Remove extends NodeVerb {
    @Parameters(paramLabel = "NAME", description = "The provider's name.")
    String name = "";

    @Override
    public Integer call() {
      if (!isConfirmed("Remove the provider " + name + "?")) {
        return ExitCode.FAILED;
      }
      // The answer to its removal is empty.
      Json removed = list(client().object("/api/v1/providers"), "items").stream()
          .filter(provider -> name.equals(text(provider, "name"))).findFirst().orElse(Json.object("name", name));
      client().delete("/api/v1/providers/" + Client.encoded(name));
      output().one(removed, FACTS);
      screen().whisper(name + " is removed");
      return ExitCode.OK;
    }
  }
}
