package dev.holdfast.cli.relay;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes an address that the node calls. */
@Command(
    name = "set",
    description = "Change an address that the node calls. What isn't named stays as it is.",
    footer = {
      "", "Examples:",
      "  holdfast provider set local --max-in-flight 8",
      "  holdfast provider set big-2 --pool big --tier large",
      "  holdfast provider set cloud --credential file:/run/secrets/cloud",
      "", "What a publisher serves is changed where it is published."})
final class ProviderSetCommand extends Verb {
  @Parameters(paramLabel = "NAME", description = "The provider's name.")
  String name = "";

  @Option(names = "--url", paramLabel = "URL", description = "The provider's base address.")
  @Nullable
  String url;

  @Option(names = "--model", paramLabel = "MODEL", description = "The model's name there.")
  @Nullable
  String model;

  @Option(names = "--credential", paramLabel = "env:NAME|file:PATH", description = "Where the node finds its API key.")
  @Nullable
  String credential;

  @Option(names = "--allow-http", description = "Take plain http beyond this machine.")
  boolean allowHttp;

  @Mixin
  ProviderTerms terms = new ProviderTerms();

  @Override
  public Integer call() {
    Json wanted = terms.with(Json.object("url", url, "backend_model", model, "credential_ref", credential));
    if (wanted.members().isEmpty()) {
      throw Refusal.of(Reason.INVALID_REQUEST, "say what is to change, such as --max-in-flight 8");
    }
    Json request = allowHttp
        ? terms.with(Json.object("url", url, "backend_model", model, "credential_ref", credential, "allow_http", true))
        : wanted;
    output().one(client().post("/api/v1/providers/" + Client.encoded(name), request), ProviderCommand.FACTS);
    return ExitCode.OK;
  }

  /** Says whether a provider may be chosen. */
  abstract static class Enabling extends NodeVerb {
    @Parameters(paramLabel = "NAME", description = "The provider's name.")
    String name = "";

    Integer say(boolean enabled) {
      output().one(
          client().post("/api/v1/providers/" + Client.encoded(name), Json.object("enabled", enabled)),
          ProviderCommand.FACTS);
      return ExitCode.OK;
    }
  }

  /** It may be chosen. */
  @Command(
      name = "enable",
      description = "Let calls go to a provider again.",
      footer = {"", "Examples:", "  holdfast provider enable local"})
  static final class Enable extends Enabling {
    @Override
    public Integer call() {
      return say(true);
    }
  }

  /** It may not be chosen. */
  @Command(
      name = "disable",
      description = "Let no more calls go to a provider; those under way go on.",
      footer = {"", "Examples:", "  holdfast provider disable local"})
  static final class Disable extends Enabling {
    @Override
    public Integer call() {
      return say(false);
    }
  }
}
