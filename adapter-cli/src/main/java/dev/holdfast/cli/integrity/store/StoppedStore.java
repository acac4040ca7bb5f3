package dev.holdfast.cli.integrity.store;

import dev.holdfast.cli.Settings;
import dev.holdfast.cli.access.StoppedNode;
import dev.holdfast.cli.wiring.Inspection;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.Survey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The store of a folder as it lies there. */
final class StoppedStore {
  private StoppedStore() {}

  /** Changes no byte. */
  static Diagnosis looked(Settings settings, boolean deep, Duration atMost) {
    String data = StoppedNode.requireDirectory(settings);
    Inspection inspection = Inspection.of(settings.store(), data);
    StoreInspection store = inspection.store().orElseThrow(() -> Backends.keepsNothing(settings.store()));
    Survey survey = store.survey();
    // What a first launch will write isn't missing yet.
    Survey expected = survey instanceof Survey.Read read && read.active() == null && read.unresolved().isEmpty()
        && inspection.directory().isFresh() ? new Survey.Read(null, null, List.of(), List.of()) : survey;
    return Diagnosis.of(expected, store.look(deep, atMost),
        new Planner.Asked(PlanId.random(inspection.ids()), inspection.directory().id(), null, Instant.now()))
        .beside(inspection.strays().names());
  }
}
