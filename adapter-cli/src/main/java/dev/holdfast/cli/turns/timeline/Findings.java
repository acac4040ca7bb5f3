package dev.holdfast.cli.turns.timeline;

import dev.holdfast.domain.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about a turn beside itself.
 *
 * @param session of an open turn; null when it isn't needed or couldn't be had
 * @param events of the session since the turn began, as on the wire, as far as they are needed or could be had
 * @param lastRecords the newest output record of attempts by their numbers, as on the wire; of those that it is needed of
 */
public record Findings(@Nullable Json session, List<Json> events, Map<Integer, Json> lastRecords, Instant now) {
  public Findings {
    events = List.copyOf(events);
    lastRecords = Map.copyOf(lastRecords);
  }
}
