package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.events.EventName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step that a recovery made, to be told to those who look after the node (spec I-58).
 *
 * @param subject the batch that it is about, null for a store
 * @param evidence names in quarantine of what was there before
 */
public record StepTaken(RecoveryStep step, String schemaName, @Nullable String subject, List<String> evidence) {
  public StepTaken {
    evidence = List.copyOf(evidence);
  }

  /** The event that tells of it. */
  public EventName event() {
    return switch (step) {
      case ROLL_FORWARD, ABANDON -> EventName.STORE_BATCH_RESOLVED;
      case QUARANTINE_ONLY, CUT_JOURNAL -> EventName.STORE_QUARANTINED;
      case REBUILD_FROM_PROVIDER, REBUILD_FROM_CANONICAL_DESTINATION, RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_EMPTY,
          QUARANTINE_AND_REBUILD_FROM_PROVIDER, QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION,
          QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE, RELAUNCH, RESTAMP,
          REBUILD_MANIFEST_FROM_RECEIPTS, BEGIN_RECEIPTS_ANEW ->
        EventName.STORE_REBUILT;
    };
  }

  /** @param done whether it was made, or only would be */
  Json json(boolean done) {
    return Json.object("step", step.text(), "schema_name", schemaName, "subject", subject, "evidence", evidence,
        "done", done);
  }

  public Json json() {
    return Json.object("step", step.text(), "schema_name", schemaName, "subject", subject, "evidence", evidence);
  }
}
