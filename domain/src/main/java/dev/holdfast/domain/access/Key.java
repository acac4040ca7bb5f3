package dev.holdfast.domain.access;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as the node knows it: everything but its secret.
 *
 * @param id 16 lower-case hex digits, public
 * @param subject in whose name it acts; never changes
 * @param secretHash lower-case hex of the SHA-256 of the secret's bytes
 * @param content whether it may read content (spec A-20)
 */
public record Key(
    String id, String subject, Role role, String label, String secretHash, boolean content, Instant createdAt,
    @Nullable Instant expiresAt, @Nullable Instant revokedAt) {

  /** The subject of whoever names no other. */
  public static final String DEFAULT_SUBJECT = "default";
}
