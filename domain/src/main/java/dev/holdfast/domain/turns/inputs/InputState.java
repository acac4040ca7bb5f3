package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.TurnId;

/** Where an input stands (spec turns §4). */
public sealed interface InputState {
  /** Waits for the next turn. */
  record Deferred() implements InputState {}

  /** Claimed for a turn's start, and bound to that turn until it ends, whatever becomes of the claim (spec T-45). */
  record Bound(TurnId turn, Claim claim) implements InputState {}

  /** Part of a committed turn, whatever its outcome. */
  record Completed(TurnId turn) implements InputState {}

  record Cancelled() implements InputState {}

  /** The name of the state on the wire. */
  default String text() {
    return switch (this) {
      case Deferred _,Bound _ -> "deferred_next_turn";
      case Completed _ -> "completed";
      case Cancelled _ -> "cancelled";
    };
  }

  /** Whether the input can still be claimed or cancelled. */
  default boolean isPending() {
    return this instanceof Deferred;
  }
}
