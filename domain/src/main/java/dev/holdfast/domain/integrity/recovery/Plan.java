package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a store needs to be whole. It is a proposal: making it writes nothing.
 *
 * @param expected identities that the stores were held against; null where none are known
 * @param actions first what the whole directory needs, then one for each store in the order of the descriptors, then one for
 *     each unresolved batch
 * @param diagnostics what is wrong, in the order of the actions
 */
public record Plan(
    PlanId id, String dataDirId, @Nullable Identities expected, Instant createdAt, List<Action> actions,
    List<Finding> diagnostics) {
  public Plan {
    actions = List.copyOf(actions);
    diagnostics = List.copyOf(diagnostics);
  }

  /** Whether nothing at all is to be done; a store that is only told to people counts, too (spec I-41). */
  public boolean manifestHealthy() {
    return actions.stream().allMatch(action -> action.kind() == ActionKind.NONE);
  }

  /** Whether what all stores lie in is damaged: nothing is written there then. */
  boolean liesInDamage() {
    return actions.stream().anyMatch(action -> Action.DATABASE.equals(action.subject()));
  }

  public Impact impact() {
    return actions.stream().map(Action::impact).reduce(Impact.NONE, Impact::worse);
  }

  /** Why the runtime can't be opened: store_missing without a launch state, store_corrupt for any other blocking damage. */
  public Optional<Reason> refusalOfOpening() {
    if (impact() != Impact.BLOCKED) {
      return Optional.empty();
    }
    boolean missing = actions.stream().anyMatch(action -> action.reason() == Reason.MISSING
        && action.schemaName().equals(Descriptors.LAUNCH_STATE.schemaName()));
    return Optional.of(missing ? Reason.STORE_MISSING : Reason.STORE_CORRUPT);
  }

  public Json json() {
    return Json.object("plan_id", id.value(), "data_dir_id", dataDirId, "expected", json(expected), "created_at",
        Texts.instant(createdAt), "manifest_healthy", manifestHealthy(), "readiness_impact", impact().text(), "actions",
        actions.stream().map(Action::json).toList(), "diagnostics", diagnostics.stream().map(Finding::json).toList());
  }

  private static @Nullable Json json(@Nullable Identities of) {
    return of == null
        ? null
        : Json.object("run_id", of.runId(), "capability_snapshot_id", of.capabilitySnapshotId(),
            "behavior_fingerprint", of.behaviorFingerprint());
  }
}
