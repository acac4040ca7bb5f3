package dev.holdfast.cli.integrity.store;

import dev.holdfast.application.integrity.StoreCare;
import dev.holdfast.cli.NodeVerb;
import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Node;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Mends a store. */
@Command(
    name = "recover",
    description = {
      "Mend a store, or tell what would be done, which is all it does without --apply.",
      "",
      "What is replaced is in the folder quarantine/ before. Works through the node that runs, which takes work again once it is"
          + " mended, or in the folder of a node that is stopped."},
    footer = {
      "", "Examples:",
      "  holdfast store recover",
      "  holdfast store recover --apply",
      "  holdfast store recover --apply --relaunch --data /srv/holdfast",
      "  holdfast store recover --apply --drop-future holdfast.diagnostics", "",
      "Exits 0 only when the store is whole afterwards; 1 when it works and isn't, 8 when it takes no work."})
final class StoreRecoverCommand extends NodeVerb {
  private static final int LONG_S = 3_600;
  private static final Duration LONG = Duration.ofSeconds(LONG_S);

  @Option(names = "--apply", description = "Do it.")
  boolean apply;

  @Option(names = "--relaunch", description = "Write launch state, launch transaction and revision anew from the rows.")
  boolean relaunch;

  @Option(names = "--restamp", paramLabel = "SCHEMA", split = ",",
      description = "Let this store of another run count as one of the present run.")
  Set<String> restamp = Set.of();

  @Option(names = "--drop-future", paramLabel = "SCHEMA", split = ",",
      description = "Set this store, which a later version wrote, aside, behind a backup.")
  Set<String> dropFuture = Set.of();

  @Option(names = "--accept-loss", description = "Give up what a damaged journal has behind its last good frame.")
  boolean acceptLoss;

  @Override
  public Integer call() {
    Settings settings = settings();
    var consents = new Consents(apply, relaunch, restamp, dropFuture, acceptLoss);
    Json answer = apply ? mended(settings, consents)
        : StoreAt.looked(settings, screen(), () -> byNode(settings, consents), () -> inFolder(settings, consents));
    if (output().isForPrograms()) {
      output().document(answer);
    } else {
      show(answer);
    }
    return Findings.exitCode(list(answer, "findings"));
  }

  private Json mended(Settings settings, Consents consents) {
    return StoreAt.isNode(settings) ? byNode(settings, consents) : inFolder(settings, consents);
  }

  private Json byNode(Settings settings, Consents consents) {
    if (apply && !settings.isExplicit(Settings.Name.TIMEOUT)) {
      settings.flag(Settings.Name.TIMEOUT, LONG_S);
    }
    return client().post("/api/v1/store/recover", consents.json());
  }

  private Json inFolder(Settings settings, Consents consents) {
    if (!apply) {
      return StoppedStore.looked(settings, false, LONG).json(consents);
    }
    StoppedNode.requireDirectory(settings);
    List<StepTaken> steps;
    try (Node node = StoppedNode.open(settings, settings.store(), Map.of())) {
      steps = node.use(StoreCare.class).mend(consents).steps();
    }
    return StoppedStore.looked(settings, false, LONG).json(steps);
  }

  private void show(Json answer) {
    for (Json step : list(answer, "steps")) {
      String subject = text(step, "subject");
      screen().line((apply ? "done    " : "would   ") + text(step, "step") + " " + text(step, "schema_name")
          + (subject == null ? "" : " " + subject));
      list(step, "evidence").forEach(name -> screen().line("        quarantine/" + name.value()));
    }
    List<Json> findings = list(answer, "findings");
    Findings.show(screen(), findings);
    if (findings.isEmpty()) {
      screen().line("the store is whole");
    } else if (!apply) {
      screen()
          .talk("nothing was done; with --apply what would be is, and the lines above tell what to add for the rest");
    } else {
      screen().talk("what is left is not done by --apply alone: the lines above tell what it needs");
    }
  }
}
