package dev.holdfast.domain.integrity.rebuild;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All that a recovery may ask.
 *
 * @param verifiedBackup makes a backup of the directory as it is and proves that it can be restored; answers whether there is
 *     one now, for nothing that can't be undone is done without
 */
public record Rebuilding(
    CanonicalDestinations destinations, OutsideOwners owners, CapabilityDiscovery capabilities,
    BooleanSupplier verifiedBackup) {

  /**
   * What a step puts in a store's place; empty when nobody can say it now.
   *
   * @param under the run that the content tells of; null where none is known, and nothing can be derived then
   * @throws IllegalArgumentException for a step that puts nothing there
   */
  public Optional<Json> content(Descriptor store, RecoveryStep step, @Nullable Identities under) {
    return switch (step) {
      case REBUILD_FROM_PROVIDER, QUARANTINE_AND_REBUILD_FROM_PROVIDER -> owners.poll(store);
      case RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY ->
        Optional.of(capabilities.discover().json());
      case QUARANTINE_AND_EMPTY -> Optional.of(Schemas.of(store).initial());
      case REBUILD_FROM_CANONICAL_DESTINATION, QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION,
          QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE, RELAUNCH ->
        under == null ? Optional.empty() : destinations.content(store, under);
      case RESTAMP, QUARANTINE_ONLY, ROLL_FORWARD, ABANDON, REBUILD_MANIFEST_FROM_RECEIPTS, BEGIN_RECEIPTS_ANEW,
          CUT_JOURNAL ->
        throw new IllegalArgumentException("nothing is put in a store's place by " + step.text());
    };
  }
}
