package dev.holdfast.cli.integrity;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.Interrupts;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.Verb;
import dev.holdfast.cli.Version;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Reason;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
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
      "  holdfast serve --store memory --port 0               for trying out; it forgets everything"})
public final class ServeCommand extends Verb {
  private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}|localhost|::1|\\[::1\\]");
  private static final int MAX_PORT = 65_535;

  @Option(names = "--port", paramLabel = "PORT", description = "The port; 0 for a free one. Default: 7400.")
  @Nullable
  Integer port;

  @Option(names = "--host", paramLabel = "ADDRESS", description = "A loopback address. Default: 127.0.0.1.")
  @Nullable
  String host;

  @Option(names = "--store", paramLabel = "BACKEND", description = "sqlite or memory. Default: sqlite.")
  @Nullable
  String store;

  @Option(names = "--grace", paramLabel = "SECONDS",
      description = "How long running turns may take to end. Default: 30.")
  int grace = 30;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings()
        .flag(Settings.Name.PORT, port).flag(Settings.Name.HOST, host).flag(Settings.Name.STORE, store);
    var signal = new CompletableFuture<Integer>();
    Interrupts.handle(signal::complete);
    try (Node node = Node.open(checked(settings))) {
      URI address = node.bind();
      node.launch();
      greet(node, address, settings);
      int exitCode = signal.join();
      boolean damaged = node.readiness() == Reason.STORE_POISONED;
      screen().talk("stopping; running turns have " + grace + " s to end (again to stop at once)");
      node.shutdown(Duration.ofSeconds(grace));
      return damaged ? ExitCode.STORE : exitCode;
    }
  }

  private Node.Settings checked(Settings settings) {
    String wantedHost = settings.required(Settings.Name.HOST);
    if (!LOOPBACK.matcher(wantedHost).matches()) {
      throw Refusal.of(Reason.INSECURE_BIND, wantedHost + " is reachable from outside this machine");
    }
    String wantedPort = settings.required(Settings.Name.PORT);
    if (!wantedPort.matches("[0-9]{1,5}") || Integer.parseInt(wantedPort) > MAX_PORT) {
      throw Refusal.of(Reason.INVALID_REQUEST, "the port is a number from 0 to " + MAX_PORT + ", not " + wantedPort);
    }
    return new Node.Settings(
        settings.store(), settings.required(Settings.Name.DATA), wantedHost, Integer.parseInt(wantedPort), false);
  }

  private void greet(Node node, URI address, Settings settings) {
    String folder = node.directory().location();
    var screen = screen();
    screen.line(screen.strong("Holdfast " + Version.text() + " is ready"));
    screen.line("  address    " + address);
    screen.line("  pid        " + ProcessHandle.current().pid());
    screen.line("  data       " + folder + " (" + settings.value(Settings.Name.STORE) + ")");
    screen.line("  admin key  " + node.directory().adminKeyFile());
    screen.line("");
    screen.line("Try, in another terminal:");
    if (!address.toString().equals("http://127.0.0.1:7400")) {
      screen.line("  export HOLDFAST_URL=" + address);
    }
    if (settings.isExplicit(Settings.Name.DATA) || settings.required(Settings.Name.STORE).equals("memory")) {
      screen.line("  export HOLDFAST_KEY_FILE=" + node.directory().adminKeyFile());
    }
    screen.line("  holdfast worker create --task \"Summarise the release notes\"");
    screen.line("  holdfast worker send worker-00000001 \"Start with the storage changes\" --follow");
    screen.line("  holdfast provider add local --url http://127.0.0.1:11434/v1");
  }
}
