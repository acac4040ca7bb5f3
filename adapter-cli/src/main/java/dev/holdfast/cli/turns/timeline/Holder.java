package dev.holdfast.cli.turns.timeline;

import dev.holdfast.cli.Verb;
import dev.holdfast.domain.Json;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a session, from its own answer.
 *
 * @param session as on the wire
 */
public record Holder(Json session) {

  /** The owner of the lease, live or not; null when it is free. */
  public @Nullable String owner() {
    return Verb.text(session, "lease.owner_id");
  }

  /** Whether there is a lease, and whose, and for how long. */
  public String text(Instant now) {
    String owner = owner();
    Instant expires = Timeline.at(session, "lease.expires_at");
    if (owner == null || expires == null) {
      return "nobody holds it";
    }
    return now.isBefore(expires)
        ? owner + " holds it for another " + Span.between(now, expires).text()
        : "nobody holds it: the lease of " + owner + " ran out " + Span.between(expires, now).text() + " ago";
  }

  /**
   * Since when nothing is known of a holder whose lease is live: one that died looks the same until its lease is over. Null where
   * nobody holds it, or the node doesn't tell.
   */
  @Nullable
  String heard(Instant now) {
    Instant renewed = Timeline.at(session, "lease.renewed_at");
    Instant expires = Timeline.at(session, "lease.expires_at");
    return renewed == null || expires == null || !now.isBefore(expires)
        ? null
        : "renewed " + Span.between(renewed, now).text()
            + " ago; had it died since, that would show when the lease ends";
  }
}
