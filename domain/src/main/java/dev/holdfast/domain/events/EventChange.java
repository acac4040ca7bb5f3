package dev.holdfast.domain.events;

import dev.holdfast.domain.Change;

/** What a unit of work writes to the feed. */
public sealed interface EventChange extends Change {

  /** The event's id is the one behind the last event of the state that was decided on. */
  record Appended(Event event) implements EventChange {}

  /** All events up to that id are gone; their ids are not given again. */
  record Pruned(long upTo) implements EventChange {}
}
