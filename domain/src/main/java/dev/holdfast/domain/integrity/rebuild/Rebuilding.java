package dev.holdfast.domain.integrity.rebuild;

import java.util.function.BooleanSupplier;

/**
 * All that a recovery may ask.
 *
 * @param verifiedBackup makes a backup of the directory as it is and proves that it can be restored; answers whether there is
 *     one now, for nothing that can't be undone is done without
 */
public record Rebuilding(
    CanonicalDestinations destinations, OutsideOwners owners, CapabilityDiscovery capabilities,
    BooleanSupplier verifiedBackup) {}
