package dev.holdfast.domain.events;

import dev.holdfast.domain.Change;

/** What a unit of work writes to the feed. */
public sealed interface EventChange extends Change {

  /** The event's id is the one behind the last event of the state that was decided on. */
  record Appended(Event event) implements EventChange {}
}
