package dev.holdfast.cli.integrity;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.Version;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.recovery.Finding;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The daemon. */
@Command(
    name = "serve",
    description = "Run a node: one process, one folder. Ctrl-C lets running turns end, then hands over what is left.",
    footer = {
      "", "Examples:",
      "  holdfast serve",
      "  holdfast serve --data /srv/holdfast --port 7401",
      "  holdfast serve --store memory --port 0               for trying out; it forgets everything",
      "  holdfast serve --host 0.0.0.0 --tls-cert box.pem --tls-key box.key --public-host box.example.com:7400",
      "  holdfast serve --behind-proxy --public-host agents.example.com",
      "", "Each of these can stand in a configuration file, see holdfast config."})
public final class ServeCommand extends Verb {
  @Option(names = "--port", paramLabel = "PORT", description = "The port; 0 for a free one. Default: 7400.")
  @Nullable
  Integer port;

  @Option(names = "--host", paramLabel = "ADDRESS",
      description = "The address to listen on. Default: 127.0.0.1; any other than this machine's own needs TLS or a proxy.")
  @Nullable
  String host;

  @Option(names = "--store", paramLabel = "BACKEND",
      description = "sqlite, filesystem or memory. Default: what the data directory holds, sqlite in a new one.")
  @Nullable
  String store;

  @Option(names = "--tls-cert", paramLabel = "FILE",
      description = "The certificate chain (PEM), for https. It is read again at SIGHUP.")
  @Nullable
  String tlsCert;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "The certificate's private key (PEM).")
  @Nullable
  String tlsKey;

  @Option(names = "--behind-proxy",
      description = "A proxy in front does TLS; callers' addresses are taken from its X-Forwarded-For.")
  boolean behindProxy;

  @Option(names = "--proxy-address", paramLabel = "ADDRESS", split = ",",
      description = "The proxy's own address. Default: this machine's.")
  List<String> proxyAddresses = List.of();

  @Option(names = "--public-host", paramLabel = "NAME", split = ",",
      description = "A name that callers use, with the port unless it is the usual one; may be repeated.")
  List<String> publicHosts = List.of();

  @Option(names = "--grace", paramLabel = "SECONDS",
      description = "How long running turns may take to end. Default: 30.")
  @Nullable
  Integer grace;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = wanted();
    Listener listener = Listener.of(settings);
    int patience = settings.number(Settings.Name.GRACE);
    var properties = new HashMap<>(listener.properties());
    properties.put("holdfast.profiles", settings.profiles().text());
    var signal = new CompletableFuture<Integer>();
    Interrupts.handle(signal::complete);
    try (Node node = Node.open(new Node.Settings(settings.store(), settings.required(Settings.Name.DATA),
        listener.host(), settings.number(Settings.Name.PORT), false), properties)) {
      URI address = node.bind();
      listener.requireOn(address);
      node.launch();
      if (!screen().isTerminal()) {
        // At a terminal, that is how a closed window says goodbye.
        Interrupts.onHangUp(() -> reload(node));
      }
      greet(node, address, settings);
      if (listener.warning() != null) {
        screen().talk("holdfast: " + listener.warning());
      }
      int exitCode = signal.join();
      screen().talk("stopping; running turns have " + patience + " s to end (again to stop at once)");
      node.shutdown(Duration.ofSeconds(patience));
      return node.isPoisoned() ? ExitCode.STORE : exitCode;
    }
  }

  private void reload(Node node) {
    node.reload();
    screen().talk("SIGHUP: the files that may change while a node runs were read again");
  }

  private Settings wanted() {
    return settings()
        .flag(Settings.Name.PORT, port).flag(Settings.Name.HOST, host).flag(Settings.Name.STORE, store)
        .flag(Settings.Name.TLS_CERT, tlsCert).flag(Settings.Name.TLS_KEY, tlsKey)
        .flag(Settings.Name.BEHIND_PROXY, behindProxy ? true : null)
        .flag(Settings.Name.PROXY_ADDRESSES, proxyAddresses.isEmpty() ? null : String.join(",", proxyAddresses))
        .flag(Settings.Name.PUBLIC_HOSTS, publicHosts.isEmpty() ? null : String.join(",", publicHosts))
        .flag(Settings.Name.GRACE, grace);
  }

  private void greet(Node node, URI address, Settings settings) {
    String folder = node.directory().location();
    var screen = screen();
    Reason readiness = node.readiness();
    boolean works = readiness != Reason.STORE_RECOVERY_REQUIRED;
    screen.line(
        screen.strong("Holdfast " + Version.text() + (works ? " is ready" : " takes no work: its store is damaged")));
    screen.line("  address    " + address);
    screen.line("  pid        " + ProcessHandle.current().pid());
    screen.line("  data       " + folder + " (" + settings.store() + ")");
    Path adminKey = Path.of(node.directory().adminKeyFile());
    boolean lost = !Files.exists(adminKey);
    screen.line("  admin key  " + (lost ? "lost; stop the node, then: holdfast key recover" : adminKey));
    screen.line("");
    for (Finding finding : node.diagnostics()) {
      screen.line("  " + finding.text());
    }
    screen.line(works ? "Try, in another terminal:" : "What can be read is answered. In another terminal:");
    if (!address.toString().equals("http://127.0.0.1:7400")) {
      screen.line("  export HOLDFAST_URL=" + address);
    }
    String certificate = settings.value(Settings.Name.TLS_CERT);
    if (certificate != null) {
      screen.line("  export HOLDFAST_CA_FILE=" + Path.of(certificate).toAbsolutePath()
          + "   # or its authority's; none where Java knows it");
    }
    if (lost) {
      screen.line("  export HOLDFAST_KEY_FILE=…   # another key of yours");
    } else if (settings.isExplicit(Settings.Name.DATA) || settings.store().equals("memory")) {
      screen.line("  export HOLDFAST_KEY_FILE=" + adminKey);
    }
    if (!works) {
      screen.line("  holdfast store doctor      # what is wrong, and what would mend it");
      screen.line("  holdfast store recover     # what would be done; then with --apply");
      return;
    }
    screen.line("  worker=$(holdfast worker create --task \"Summarise the release notes\" -o name)");
    screen.line("  holdfast worker send $worker \"Start with the storage changes\" --follow");
    screen.line("  holdfast provider add local --url http://127.0.0.1:11434/v1");
  }
}
