package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.Texts;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Which run of which product wrote something; never without one of the three (spec I-5).
 *
 * @param runId {@code epoch-} and the start's number
 * @param capabilitySnapshotId as {@link #capabilitySnapshotId}
 * @param behaviorFingerprint the product's version
 */
public record Identities(String runId, String capabilitySnapshotId, String behaviorFingerprint) {
  private static final int MOST = 200;

  public Identities {
    Texts.requireText(runId, MOST, "a run id");
    Texts.requireText(capabilitySnapshotId, MOST, "a capability snapshot id");
    Texts.requireText(behaviorFingerprint, MOST, "a behavior fingerprint");
  }

  public static Identities of(long epoch, String capabilitySnapshotId, String productVersion) {
    return new Identities(runId(epoch), capabilitySnapshotId, productVersion);
  }

  public static String runId(long epoch) {
    return "epoch-" + Texts.requireAtLeast(epoch, 1, "an epoch");
  }

  /** {@code cap-} and the SHA-256 of what the node can do, whatever the order it is told in. */
  public static String capabilitySnapshotId(Collection<String> enabledFeatures, Map<String, Integer> schemaVersions) {
    return "cap-" + Json.object("features", new TreeSet<>(enabledFeatures), "schema_versions", schemaVersions)
        .fingerprint();
  }

  /** The first of the three in which these aren't the expected ones, as the reason that tells of it. */
  public Optional<Reason> staleAgainst(Identities expected) {
    if (!runId.equals(expected.runId)) {
      return Optional.of(Reason.STALE_RUN_ID);
    }
    if (!capabilitySnapshotId.equals(expected.capabilitySnapshotId)) {
      return Optional.of(Reason.STALE_CAPABILITY_SNAPSHOT);
    }
    return behaviorFingerprint.equals(expected.behaviorFingerprint)
        ? Optional.empty()
        : Optional.of(Reason.STALE_BEHAVIOR_FINGERPRINT);
  }

  /** Takes the three members that entries, receipts and batches tell them in. */
  public static Identities read(JsonMembers members) {
    String run = members.text("run_id");
    String capabilities = members.text("capability_snapshot_id");
    String behavior = members.text("behavior_fingerprint");
    return members.checked("run_id", () -> new Identities(run, capabilities, behavior));
  }
}
