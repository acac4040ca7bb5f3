package dev.holdfast.domain.access;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as the node knows it: everything but its secret.
 *
 * @param id 16 lower-case hex digits, public
 * @param subject in whose name it acts; never changes
 * @param secretHash lower-case hex of the SHA-256 of the secret's bytes
 * @param content whether it may read content (spec A-20)
 * @param createdBy the id of the key that made it; null for the first one and for one that was recovered
 * @param expiresAt from when on it isn't taken any more; null for never
 * @param revokedAt null while it isn't revoked
 * @param lastUsedAt coarse: written at most once in a minute
 * @param version from 1, grows with every change but a use
 */
public record Key(
    String id, String subject, Role role, String label, String secretHash, boolean content, Limits limits,
    Instant createdAt, @Nullable String createdBy, @Nullable Instant expiresAt, @Nullable Instant revokedAt,
    @Nullable Instant lastUsedAt, int version) {

  /** The subject of whoever names no other. */
  public static final String DEFAULT_SUBJECT = "default";

  /**
   * What a key may do of what its role allows.
   *
   * @param models the names of the models that it sees; empty for all
   * @param maxInFlight inferences at the same time, from 1; null for no bound
   * @param requestsPerMinute from 1; null for the node's usual bound
   */
  public record Limits(List<String> models, @Nullable Integer maxInFlight, @Nullable Integer requestsPerMinute) {
    public static final Limits NONE = new Limits(List.of(), null, null);

    public Limits {
      models = List.copyOf(models);
    }

    /** The first member in which the others reach beyond these limits (spec A-21), or null. */
    @Nullable
    String exceededBy(Limits others) {
      boolean sameModels = models.isEmpty() || (!others.models.isEmpty() && models.containsAll(others.models));
      if (!sameModels) {
        return "models";
      }
      if (!isWithin(others.maxInFlight, maxInFlight)) {
        return "max_in_flight";
      }
      return isWithin(others.requestsPerMinute, requestsPerMinute) ? null : "requests_per_minute";
    }

    private static boolean isWithin(@Nullable Integer asked, @Nullable Integer bound) {
      return bound == null || (asked != null && asked <= bound);
    }
  }

  /** Where a key is in its life (spec access §5). */
  public enum Status {
    ACTIVE,
    EXPIRED,
    REVOKED
  }

  public static Key of(PresentedKey presented, String subject, Role role, String label, Instant now) {
    return new Key(presented.id(), subject, role, label, presented.secretHash(), role.readsContent(), Limits.NONE, now,
        null, null, null, null, 1);
  }

  /** By its own times alone; {@link KeyRules} knows the exception of the last admin key. */
  public Status statusAt(Instant now) {
    if (revokedAt != null) {
      return Status.REVOKED;
    }
    return expiresAt != null && !now.isBefore(expiresAt) ? Status.EXPIRED : Status.ACTIVE;
  }

  /** Whether the key's caller may use a model of this name (spec A-22). */
  public boolean seesModel(String model) {
    return limits.models().isEmpty() || limits.models().contains(model);
  }

  /** The other key with all that this one may do. */
  Key rotatedTo(PresentedKey fresh, Instant now, @Nullable String by) {
    return new Key(fresh.id(), subject, role, label, fresh.secretHash(), content, limits, now, by, expiresAt, null,
        null, 1);
  }

  public Key withContent(boolean mayRead) {
    return new Key(id, subject, role, label, secretHash, mayRead, limits, createdAt, createdBy, expiresAt, revokedAt,
        lastUsedAt, version);
  }

  public Key withLimits(Limits changed) {
    return new Key(id, subject, role, label, secretHash, content, changed, createdAt, createdBy, expiresAt, revokedAt,
        lastUsedAt, version);
  }

  public Key createdBy(@Nullable String key) {
    return new Key(id, subject, role, label, secretHash, content, limits, createdAt, key, expiresAt, revokedAt,
        lastUsedAt, version);
  }

  public Key expiringAt(@Nullable Instant at) {
    return new Key(id, subject, role, label, secretHash, content, limits, createdAt, createdBy, at, revokedAt,
        lastUsedAt, version);
  }

  public Key revokedAt(@Nullable Instant at) {
    return new Key(id, subject, role, label, secretHash, content, limits, createdAt, createdBy, expiresAt, at,
        lastUsedAt, version);
  }

  public Key usedAt(Instant at) {
    return new Key(id, subject, role, label, secretHash, content, limits, createdAt, createdBy, expiresAt, revokedAt,
        at,
        version);
  }

  Key changed() {
    return new Key(id, subject, role, label, secretHash, content, limits, createdAt, createdBy, expiresAt, revokedAt,
        lastUsedAt, version + 1);
  }
}
