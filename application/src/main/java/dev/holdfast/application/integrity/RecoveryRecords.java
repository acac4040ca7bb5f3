package dev.holdfast.application.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import java.time.InstantSource;
import java.util.List;

/** What a recovery did, as events of the runtime and records of the audit in the name of the node's own user (spec I-58). */
public final class RecoveryRecords {
  private static final int NAME_DIGITS = 32;

  private final Ids ids;
  private final InstantSource clock;

  public RecoveryRecords(Ids ids, InstantSource clock) {
    this.ids = ids;
    this.clock = clock;
  }

  public void write(UnitsOfWork units, List<StepTaken> steps) {
    for (StepTaken step : steps) {
      Audited call = Audited.local(ids.hex(NAME_DIGITS), "store.recover");
      units.write(call, step.subject() == null ? step.schemaName() : step.subject(), state -> {
        var events = new NewEvents(state, clock.instant(), null);
        events.add(null, step.event(), step.json(), null);
        return Decision.done(true, events.changes());
      }).orThrow();
    }
  }
}
