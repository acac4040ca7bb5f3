package dev.holdfast.domain.integrity.rebuild;

/** All that a recovery may ask. */
public record Rebuilding(
    CanonicalDestinations destinations, OutsideOwners owners, CapabilityDiscovery capabilities,
    VerifiedBackups backups) {}
