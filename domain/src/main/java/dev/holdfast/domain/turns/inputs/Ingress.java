package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.TurnId;
import org.jspecify.annotations.Nullable;

/** Where a submitted input wants to go. */
public sealed interface Ingress {
  /** Into the next turn. */
  record NextTurn() implements Ingress {}

  /**
   * Into a turn that runs.
   *
   * @param turn null for the one that is open when the input arrives; without one the input goes into the next turn
   * @param earliest the first kind of checkpoint at which it may be taken
   */
  record ActiveTurn(@Nullable TurnId turn, Boundary earliest) implements Ingress {}
}
