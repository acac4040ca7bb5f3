package dev.holdfast.cli.relay.publishing;

import dev.holdfast.application.relay.publishing.Publishing;
import dev.holdfast.application.relay.publishing.Serving;
import dev.holdfast.application.relay.publishing.Timing;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.wiring.PublishingMachine;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.Offer;
import dev.holdfast.domain.relay.ProviderRules;
import dev.holdfast.domain.relay.PublicProvider;
import dev.holdfast.domain.relay.VirtualProvider.Status;
import dev.holdfast.domain.relay.publishing.PublishingEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the models of this machine to a node, until it is stopped. */
@Command(
    name = "publish",
    description = {
      "Serve this machine's models to a node, which needs no way in: this machine opens the connection and keeps it open."
          + " Without --backend it looks for Ollama, llama-server, LM Studio and vLLM at their usual ports. Ctrl-C lets"
          + " running calls end first.",
      "The node knows models and names, never the address or the key of a model server."},
    footer = {
      "", "Examples:",
      "  holdfast publish --to https://agents.example.com --key-file laptop.key",
      "  holdfast publish --to http://box:7400 --backend http://127.0.0.1:8000 --suffix auto --shared",
      "  holdfast publish --model llama3.2:3b --name small --pool team --limit 2",
      "", "On the node: holdfast key create --role publisher --label laptop"})
public final class PublishCommand extends NodeVerb {
  private static final Duration GRACE = Duration.ofSeconds(30);

  @Option(names = "--to", paramLabel = "URL", description = "The node to serve; the same as --url.")
  @Nullable
  String to;

  @Option(names = {"--backend", "--upstream"}, paramLabel = "URL",
      description = "The base address of an OpenAI-compatible model server.")
  @Nullable
  String backend;

  @Option(names = "--credential", paramLabel = "PLACE",
      description = "Where the key of the model server is found: env:NAME or file:PATH. It never leaves this machine.")
  @Nullable
  String credential;

  @Option(names = "--model", paramLabel = "MODEL",
      description = "Serve only this model, by its server's name for it; may be repeated. Default: all.")
  List<String> models = new ArrayList<>();

  @Option(names = "--name", paramLabel = "NAME", description = "The name that callers use, for a single model.")
  @Nullable
  String name;

  @Option(names = "--pool", paramLabel = "POOL",
      description = "Serve the model of this name together with others; callers name the pool.")
  @Nullable
  String pool;

  @Option(names = "--suffix", paramLabel = "auto|TEXT",
      description = "Added to every name, auto for this machine's name.")
  @Nullable
  String suffix;

  @Option(names = "--shared", description = "For all callers of the node. Default: for your own subject's alone.")
  boolean shared;

  @Option(names = "--limit", paramLabel = "N", description = "Calls of each model at the same time. Default: 4.")
  int limit = Offer.USUAL_IN_FLIGHT;

  @Option(names = "--wake-command", paramLabel = "COMMAND",
      description = "Loads the model when it is called and doesn't answer; run by sh here, never told to the node.")
  @Nullable
  String wakeCommand;

  @Option(names = "--wake-url", paramLabel = "URL", description = "The same by a POST to this address.")
  @Nullable
  String wakeUrl;

  @Option(names = "--wake-wait", paramLabel = "SECONDS", description = "How long that may take. Default: 60.")
  int wakeWait = (int) Offer.USUAL_WAKE.toSeconds();

  @Option(names = "--identity", paramLabel = "FILE",
      description = "Where this publisher keeps who it is. Default: by the node, in the folder of your configuration.")
  @Nullable
  Path identity;

  @Override
  protected Settings settings() {
    return super.settings().flag(Settings.Name.URL, to);
  }

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings();
    String node = settings.required(Settings.Name.URL).replaceAll("/+$", "");
    String key = KeyLookup.find(settings);
    if (key == null) {
      throw Refusal.of(Reason.MISSING_KEY, "publishing needs a key of the role publisher for " + node)
          .next("holdfast key create --role publisher --label laptop   # on the node; then --key-file here");
    }
    var shown = new Shown(screen(), output(), Settings.shown("url", node));
    var machine = PublishingMachine.of(node, key, settings.value(Settings.Name.CA_FILE));
    try (var file = identityFile(node)) {
      List<Serving> servings = servings(machine, shown);
      var plan = new Publishing.Plan(Names.host(), servings, file.read(), file::write);
      var publishing = new Publishing(machine.node(), machine.calls(), plan, Timing.USUAL,
          () -> ThreadLocalRandom.current().nextDouble(), shown::state);
      Interrupts.handle(_ -> stop(publishing));
      return exitCode(publishing.run(), file);
    }
  }

  private IdentityFile identityFile(String node) {
    if (identity != null) {
      return IdentityFile.at(identity, node);
    }
    Path folder = userFolder();
    if (folder == null) {
      throw Refusal.of(Reason.INVALID_REQUEST,
          "there is no HOME to keep this publisher's identity in; name a file with --identity");
    }
    return IdentityFile.in(folder, node);
  }

  private static void stop(Publishing publishing) {
    try {
      publishing.stop(GRACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int exitCode(PublishingEnd ending, IdentityFile file) {
    return switch (ending) {
      case PublishingEnd.Stopped _ -> ExitCode.OK;
      case PublishingEnd.Replaced _ -> throw Refusal.of(Reason.NAME_ACTIVE_ELSEWHERE,
          "another process opened a link with the identity in " + file.path());
      case PublishingEnd.Refused(Outcome.Refused<?> why) -> throw Refusal.of(why);
    };
  }

  private List<Serving> servings(PublishingMachine machine, Shown shown) throws InterruptedException {
    Servers.requirePlace(credential);
    if (backend != null && ProviderRules.checkUrl(backend, true) instanceof Outcome.Refused<String>) {
      throw Refusal.of(Reason.INVALID_REQUEST, "--backend takes an address such as http://127.0.0.1:8000/v1");
    }
    var servers = new Servers(machine.models(), credential);
    var probe = new Probe(machine.calls());
    List<Servers.Found> found = new ArrayList<>(backend == null ? servers.local() : at(backend, servers, probe));
    List<String> there = found.stream().map(Servers.Found::model).toList();
    for (String wanted : models) {
      if (found.stream().noneMatch(one -> one.model().equals(wanted))) {
        shown.skip(wanted, "no model server here has it");
      }
    }
    found.removeIf(one -> !models.isEmpty() && !models.contains(one.model()));
    if (name != null && found.size() > 1) {
      throw Refusal.of(Reason.INVALID_REQUEST, "--name is for one model, and there are "
          + String.join(", ", found.stream().map(Servers.Found::model).toList()) + "; choose one with --model");
    }
    List<Serving> servings = new ArrayList<>();
    for (Servers.Found one : found) {
      serving(one, servers, probe, shown, servings);
    }
    if (servings.isEmpty() && found.isEmpty() && !there.isEmpty()) {
      throw Refusal.of(Reason.PROVIDER_FAILED, "the model servers here have " + String.join(", ", there))
          .next("the same command with --model " + there.getFirst());
    }
    if (servings.isEmpty()) {
      throw Refusal.of(Reason.PROVIDER_FAILED, found.isEmpty()
          ? "no model server answers here; looked for " + Servers.usual()
          : "none of the models found can be served")
          .next("holdfast publish --backend http://127.0.0.1:PORT/v1");
    }
    return servings;
  }

  /** A server that isn't running lists nothing. What it is to have is taken at its user's word where a call may start it. */
  private List<Servers.Found> at(String url, Servers servers, Probe probe) throws InterruptedException {
    Optional<List<Servers.Found>> listed = servers.listed(url);
    if (listed.isPresent()) {
      return listed.get();
    }
    if (wakes() && !models.isEmpty() && probe.isDown(servers.at(Servers.base(url), models.getFirst()))) {
      return models.stream().distinct().map(model -> servers.named(url, model)).toList();
    }
    Refusal refusal = servers.noList(url);
    throw wakes() && models.isEmpty() ? refusal.next("the same command with --model, if a call is to start the server")
        : refusal;
  }

  private boolean wakes() {
    return wakeCommand != null || wakeUrl != null;
  }

  /** Adds the model to those that are served, or tells why not (spec R-81). */
  private void serving(Servers.Found found, Servers servers, Probe probe, Shown shown, List<Serving> servings)
      throws InterruptedException {
    var names = new Names(suffix);
    String as = names.of(name == null ? found.model() : name);
    if (servings.stream().anyMatch(one -> one.name().equals(as))) {
      shown.skip(found.model(), "another model is served as " + as + "; tell them apart with --name or --suffix");
      return;
    }
    boolean wakes = wakes();
    var offer = new Offer(as, pool, Offer.OPENAI, found.model(), Offer.USUAL_TIER, null,
        shared ? Offer.Visibility.SHARED : Offer.Visibility.PRIVATE, limit,
        wakes ? Duration.ofSeconds(wakeWait) : null, null);
    if (offer.checked() instanceof Outcome.Refused<Offer> refused) {
      throw Refusal.of(refused);
    }
    PublicProvider at = servers.at(found.url(), found.model());
    screen().await("trying " + found.model());
    String fault = probe.fault(at);
    if (fault != null && !wakes) {
      shown.skip(as, fault);
      return;
    }
    var recipe = wakes ? new Recipe(wakeCommand, wakeUrl, at, probe) : null;
    shown.serve(as, found, fault == null ? "serving" : "asleep ");
    servings.add(new Serving(offer, at, recipe, fault == null ? Status.ACTIVE : Status.HIBERNATING));
  }
}
