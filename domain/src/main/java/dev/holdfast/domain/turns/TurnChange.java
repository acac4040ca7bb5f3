package dev.holdfast.domain.turns;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.commits.Stamp;

/** What a unit of work writes about sessions and turns. */
public sealed interface TurnChange extends Change {
  record SessionPut(Session session) implements TurnChange {}

  /**
   * The whole turn with its attempts. The last attempt's newest output number is counted by the store as records are
   * appended, so that an append doesn't write the turn.
   */
  record Put(Turn turn) implements TurnChange {}

  /** How far a request to cancel has come; nothing else of the turn changes. */
  record CancelPut(TurnId turn, Cancel cancel) implements TurnChange {}

  record Admitted(Admission admission) implements TurnChange {}

  record Stamped(Stamp stamp) implements TurnChange {}
}
