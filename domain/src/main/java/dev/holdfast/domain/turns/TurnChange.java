package dev.holdfast.domain.turns;

import dev.holdfast.domain.Change;

/** What a unit of work writes about sessions and turns. */
public sealed interface TurnChange extends Change {
  record SessionPut(Session session) implements TurnChange {}

  /** The whole turn with its attempts. */
  record Put(Turn turn) implements TurnChange {}

  record Stamped(Stamp stamp) implements TurnChange {}
}
