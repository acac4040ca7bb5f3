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
}
