package dev.holdfast.domain.workers;

import java.time.Duration;
import java.time.Instant;

/**
 * The record that makes a repeated call a replay (spec A-7).
 *
 * @param scope subject, route and object of the call
 * @param key the caller's {@code Idempotency-Key}
 * @param fingerprint of the canonical payload
 * @param object the id of what the call made
 */
public record Remembered(String scope, String key, String fingerprint, String object, Instant at) {
  /** How long a created worker's record counts. */
  public static final Duration RETENTION = Duration.ofDays(7);

  public boolean countsAt(Instant now) {
    return now.isBefore(at.plus(RETENTION));
  }
}
