package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
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

  public Json json() {
    return Json.object("step", step.text(), "schema_name", schemaName, "subject", subject, "evidence", evidence);
  }
}
