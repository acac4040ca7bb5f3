package dev.holdfast.cli.integrity.doctor;

import dev.holdfast.cli.Client;
import dev.holdfast.cli.Column;
import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Output;
import dev.holdfast.cli.Refusal;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.KeyLookup;
import dev.holdfast.cli.access.configuration.ConfigurationFile;
import dev.holdfast.cli.integrity.ConfigurationCheck;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.domain.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** All checks at once. It changes nothing. */
@Command(
    name = "doctor",
    description = {
      "Check what a node on this machine needs: its configuration, folder, disk, store, address, key and clock.", "",
      "Changes nothing, and disturbs no node that runs. The checks run side by side and end within two seconds, or --timeout."},
    footer = {
      "", "Examples:",
      "  holdfast doctor",
      "  holdfast doctor --data /srv/holdfast --strict",
      "  holdfast doctor -o ndjson", "",
      "Exits 8 when a check fails, 1 with --strict when one warns, else 0."})
public final class DoctorCommand extends NodeVerb {
  private static final Duration AT_MOST = Duration.ofMillis(1_500);
  private static final Duration STORE_AT_MOST = Duration.ofMillis(700);
  private static final List<Column> COLUMNS = List.of(Column.of("CHECK", "check"), Column.of("LEVEL", "level"),
      Column.of("FOUND", "found"), Column.of("FIX", "fix"));

  @Option(names = "--strict", description = "Exit 1 also for what is only worth a look.")
  boolean strict;

  @Option(names = "--port", paramLabel = "PORT", description = "The port that the node would take. Default: 7400.")
  @Nullable
  Integer port;

  private @Nullable Client shared;

  @Override
  public Integer call() throws InterruptedException {
    Settings settings = settings().flag(Settings.Name.PORT, port);
    // From here on files with problems say nothing, and are a finding among others.
    List<ConfigurationFile> files = settings.files(null);
    Duration atMost = settings.isExplicit(Settings.Name.TIMEOUT)
        ? Duration.ofSeconds(settings.number(Settings.Name.TIMEOUT))
        : AT_MOST;
    settings.flag(Settings.Name.TIMEOUT, Math.max(1, atMost.toSeconds()));
    String data = settings.required(Settings.Name.DATA);
    Inspection inspection = Inspection.of(settings.store(), data);
    var folder = new FolderChecks(inspection.directory(), inspection.store(), Path.of(data), Clock.systemUTC());
    var node = new NodeChecks(settings, this::client, keyFile(settings));
    var machine = new MachineChecks(System.getenv().getOrDefault("PATH", ""), Clock.systemUTC());
    var begun = new Examination(atMost).add("configuration", () -> configuration(settings, files));
    Map<String, Finding> findings = examination(begun, settings, folder, node, machine).run();
    show(findings);
    if (findings.values().stream().anyMatch(f -> f.level() == Finding.Level.FAIL)) {
      return ExitCode.STORE;
    }
    boolean warned = findings.values().stream().anyMatch(f -> f.level() == Finding.Level.WARN);
    return strict && warned ? ExitCode.FAILED : ExitCode.OK;
  }

  private static Path keyFile(Settings settings) {
    String named;
    try {
      named = settings.value(Settings.Name.KEY_FILE);
    } catch (Refusal refusal) {
      // A context that isn't there: what is wrong with it is told by the check of the configuration.
      named = null;
    }
    return named == null ? KeyLookup.adminKeyFile(settings) : Path.of(named);
  }

  private static Finding configuration(Settings settings, List<ConfigurationFile> files) {
    List<ConfigurationFile.Problem> problems = ConfigurationCheck.of(settings, files);
    return problems.isEmpty()
        ? Finding.ok(files.isEmpty() ? "there is no configuration file" : "no problem in its files")
        : Finding.fail(String.join("; ", problems.stream().map(ConfigurationFile.Problem::toString).toList()),
            "holdfast config check");
  }

  /** One for all checks, which run side by side; the key's file may be on a disk that hangs, so it is read by one of them. */
  @Override
  protected synchronized Client client() {
    Client known = shared == null ? super.client() : shared;
    shared = known;
    return known;
  }

  private static Examination examination(
      Examination begun, Settings settings, FolderChecks folder, NodeChecks node, MachineChecks machine) {
    return begun
        .add("data_directory", folder::permissions)
        .add("lock", folder::lock)
        .add("space", folder::space)
        .add("sync", folder::sync)
        .add("store", () -> folder.isHeld()
            ? Finding.ok("a node holds it; see node for whether it takes writes")
            : folder.store(STORE_AT_MOST))
        .add("node", () -> node.readiness(folder.isHeld()))
        .add("port", node::port)
        .add("key", () -> node.key(folder.hasStarted()))
        .add("version", node::version)
        .add("clock", folder::clock)
        .add("artifacts", folder::artifacts)
        .add("engines", machine::engines)
        .add("java", machine::java)
        .add("tls", () -> machine.tls(settings.value(Settings.Name.TLS_CERT)));
  }

  private void show(Map<String, Finding> findings) {
    Output output = output();
    if (output.isForPrograms() || output.format() == Output.Format.NAME) {
      List<Json> items = new ArrayList<>();
      findings.forEach((check, finding) -> items.add(finding.json(check)));
      output.list(items, COLUMNS);
      return;
    }
    // A fix that is cut to the width of a column is none.
    findings.forEach((check, finding) -> {
      String level = "%-5s".formatted(finding.level());
      boolean bad = finding.level() != Finding.Level.OK;
      screen()
          .line((bad ? screen().strong(level) : level) + "%-15s ".formatted(check) + Output.oneLine(finding.found()));
      if (finding.fix() != null) {
        screen().line("%-21stry: %s".formatted("", finding.fix()));
      }
    });
  }
}
