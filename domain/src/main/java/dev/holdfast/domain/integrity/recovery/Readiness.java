package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether a store can be worked with (spec I-50).
 *
 * @param reason store_manifest_valid when it can; store_rebuild_in_progress when it can but isn't whole;
 *     store_recovery_required when it can't
 * @param diagnostics empty when it can
 */
public record Readiness(Reason reason, List<Finding> diagnostics) {
  /** Nothing is wrong. */
  public static final Readiness WHOLE = new Readiness(Reason.STORE_MANIFEST_VALID, List.of());

  public Readiness {
    diagnostics = List.copyOf(diagnostics);
  }

  /** @param broken what no plan can mend: invariants, and damage of the journal */
  public static Readiness of(Planning planning, List<Finding> broken) {
    if (planning.impact() == Impact.BLOCKED || !broken.isEmpty()) {
      return new Readiness(Reason.STORE_RECOVERY_REQUIRED, all(planning, broken));
    }
    return planning.impact() == Impact.DEGRADED
        ? new Readiness(Reason.STORE_REBUILD_IN_PROGRESS, all(planning, broken))
        : WHOLE;
  }

  private static List<Finding> all(Planning planning, List<Finding> broken) {
    return Stream.concat(planning.diagnostics().stream(), broken.stream()).toList();
  }

  public boolean ok() {
    return reason == Reason.STORE_MANIFEST_VALID;
  }

  /** Whether calls that change something are refused with the reason. */
  public boolean refusesMutations() {
    return reason == Reason.STORE_RECOVERY_REQUIRED;
  }

  public Json json() {
    return Json.object("ok", ok(), "reason", reason.code(), "diagnostics",
        diagnostics.stream().map(Finding::json).toList());
  }
}
