package dev.holdfast.domain.events;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.WorkerId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A fact, written in the unit of work of what it tells (spec W-51).
 *
 * @param id from 1, dense in the runtime
 * @param worker whose feed it belongs to; null for facts of the runtime
 * @param actor the id of the key whose call led to it; null when the node did it by itself
 * @param data its members by the table of spec workers §5; never content
 * @param note free text
 */
public record Event(
    long id, @Nullable WorkerId worker, EventName name, Instant at, @Nullable String actor, Json data,
    @Nullable String note) {
  public Event {
    Texts.requireAtLeast(id, 1, "an event id");
  }
}
