package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
  @Option(names = "--deep", description = "Read everything, however long it takes.")
  boolean deep;

  @Override
  public Integer call() {
    Settings settings = settings();
    Json diagnosis =
        StoreAt.isNode(settings) ? client().object("/api/v1/store/doctor?deep=" + deep) : inFolder(settings);
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
    return Findings.exitCode(findings);
  }

  private Json inFolder(Settings settings) {
    String data = Backends.requireDirectory(settings);
    String backend = settings.store();
    Inspection inspection = Inspection.of(backend, data);
    Optional<StoreInspection> store = inspection.store();
    Duration atMost = settings.isExplicit(Settings.Name.TIMEOUT)
        ? Duration.ofSeconds(settings.number(Settings.Name.TIMEOUT))
        : PATIENCE;
    StoreInspection looked = store.orElseThrow(() -> Backends.keepsNothing(backend));
    screen().await("reading " + looked.location());
    return Diagnosis.of(looked.survey(), looked.look(deep, deep ? Duration.ofDays(1) : atMost),
        new Planner.Asked(PlanId.random(inspection.ids()), inspection.directory().id(), null, Instant.now()))
        .json(backend, null);
  }
}
