package dev.holdfast.domain.turns;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The request to cancel a turn, and how far it has come; its stages only move forward (spec T-83).
 *
 * @param by the id of the key whose call it was, or null
 * @param deliveredAt when the turn's holder was told; null when none was
 * @param acknowledgedAt when the holder had stopped producing
 * @param releasedAt when the turn's end was durable
 */
public record Cancel(
    Instant requestedAt, @Nullable String by, @Nullable String note, @Nullable Instant deliveredAt,
    @Nullable Instant acknowledgedAt, @Nullable Instant releasedAt) {
  /** How long a holder has to end the turn; then only its end is taken (spec T-86). */
  public static final Duration GRACE = Duration.ofSeconds(30);

  public static Cancel requested(Instant at, @Nullable String by, @Nullable String note) {
    return new Cancel(at, by, note, null, null, null);
  }

  /** How far a request has come. */
  public enum Stage {
    REQUESTED,
    DELIVERED,
    ACKNOWLEDGED,
    RELEASED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Stage stage() {
    if (releasedAt != null) {
      return Stage.RELEASED;
    }
    if (acknowledgedAt != null) {
      return Stage.ACKNOWLEDGED;
    }
    return deliveredAt != null ? Stage.DELIVERED : Stage.REQUESTED;
  }

  public boolean isOverdueAt(Instant now) {
    return releasedAt == null && !now.isBefore(requestedAt.plus(GRACE));
  }

  /** The holder was told; the first time counts. */
  public Cancel delivered(Instant at) {
    return deliveredAt != null ? this : new Cancel(requestedAt, by, note, at, acknowledgedAt, releasedAt);
  }

  /** The holder has stopped; whoever stopped was told before. */
  public Cancel acknowledged(Instant at) {
    Cancel told = delivered(at);
    return acknowledgedAt != null
        ? this
        : new Cancel(requestedAt, by, note, told.deliveredAt, at, releasedAt);
  }

  /** The turn has ended. What nobody was told or acknowledged stays open. */
  public Cancel released(Instant at) {
    return new Cancel(requestedAt, by, note, deliveredAt, acknowledgedAt, at);
  }
}
