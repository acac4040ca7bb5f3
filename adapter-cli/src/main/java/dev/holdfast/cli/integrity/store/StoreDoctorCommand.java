package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.ExitCode;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Settings;
import dev.holdfast.domain.Json;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything about a store. It changes nothing. */
@Command(
    name = "doctor",
    description = {
      "Tell what is wrong with a store, and what would be done about it. Changes nothing.",
      "",
      "Asks the node that runs, or looks into the folder where none does, or where --data names one."},
    footer = {
      "", "Examples:",
      "  holdfast store doctor",
      "  holdfast store doctor --deep -o json",
      "  holdfast store doctor --data /srv/holdfast", "",
      "Exits 0 when all is well, 1 when the store isn't whole but works, 8 when no work can be taken."})
final class StoreDoctorCommand extends NodeVerb {
  private static final int LONG_S = 3_600;

  @Option(names = "--deep", description = "Read everything, however long it takes.")
  boolean deep;

  @Override
  public Integer call() {
    Settings settings = settings();
    Json diagnosis =
        StoreAt.looked(settings, screen(), () -> byNode(settings), () -> inFolder(settings));
    List<Json> findings = list(diagnosis, "findings");
    if (output().isForPrograms()) {
      output().document(diagnosis);
    } else {
      screen().line(text(diagnosis, "backend") + ": " + text(diagnosis, "rows"));
      Findings.show(screen(), findings);
      if (findings.isEmpty()) {
        screen().line("the stores beside them are whole, and fit together");
      }
    }
    if ("true".equals(text(diagnosis, "healthy"))) {
      return ExitCode.OK;
    }
    return findings.isEmpty() ? ExitCode.FAILED : Findings.exitCode(findings);
  }

  private Json byNode(Settings settings) {
    if (deep && !settings.isExplicit(Settings.Name.TIMEOUT)) {
      settings.flag(Settings.Name.TIMEOUT, LONG_S);
    }
    return client().object("/api/v1/store/doctor?deep=" + deep);
  }

  private Json inFolder(Settings settings) {
    Duration atMost = settings.isExplicit(Settings.Name.TIMEOUT)
        ? Duration.ofSeconds(settings.number(Settings.Name.TIMEOUT))
        : PATIENCE;
    screen().await("reading " + settings.required(Settings.Name.DATA));
    return StoppedStore.looked(settings, deep, deep ? Duration.ofDays(1) : atMost).json(settings.store(), null);
  }
}
