package dev.holdfast.domain.turns.inputs;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.leases.Claim;
import org.jspecify.annotations.Nullable;

/** Where an input stands (spec turns §4). */
public sealed interface InputState {
  /** Waits for a checkpoint of an open turn. */
  record Pending(TurnId turn, Boundary earliest) implements InputState {}

  /** Waits for the next turn. */
  record Deferred() implements InputState {}

  /** Claimed for a next turn that isn't open yet; with its generation the claim dies and the input waits again. */
  record Claimed(Claim claim) implements InputState {}

  /** Claimed for a turn's start, and bound to that turn until it ends, whatever becomes of the claim (spec T-45). */
  record Bound(TurnId turn, Claim claim) implements InputState {}

  /** Claimed at a checkpoint of an open turn; a new generation defers it to the next turn (spec T-8). */
  record Accepted(TurnId turn, Boundary earliest, Claim claim) implements InputState {}

  /**
   * Part of a commit.
   *
   * @param turn whose commit it was, whatever the turn's outcome; null when the commit named none
   * @param revision the session's head revision behind that commit
   */
  record Completed(@Nullable TurnId turn, long revision) implements InputState {}

  record Cancelled() implements InputState {}

  /** The name of the state on the wire. */
  default String text() {
    return switch (this) {
      case Pending _ -> "pending_active";
      case Deferred _,Claimed _,Bound _ -> "deferred_next_turn";
      case Accepted _ -> "accepted";
      case Completed _ -> "completed";
      case Cancelled _ -> "cancelled";
    };
  }

  /** Whether the input waits, and can be claimed or cancelled. */
  default boolean isPending() {
    return switch (this) {
      case Pending _,Deferred _ -> true;
      case Claimed _,Bound _,Accepted _,Completed _,Cancelled _ -> false;
    };
  }

  /** The claim that it is held under, or null. */
  default @Nullable Claim claim() {
    return switch (this) {
      case Claimed(Claim claim) -> claim;
      case Bound(_, Claim claim) -> claim;
      case Accepted(_, _, Claim claim) -> claim;
      case Pending _,Deferred _,Completed _,Cancelled _ -> null;
    };
  }

  /** The turn that it waits for, is held by, or was completed in; or null. */
  default @Nullable TurnId turn() {
    return switch (this) {
      case Pending(TurnId turn, _) -> turn;
      case Bound(TurnId turn, _) -> turn;
      case Accepted(TurnId turn, _, _) -> turn;
      case Completed(TurnId turn, _) -> turn;
      case Deferred _,Claimed _,Cancelled _ -> null;
    };
  }
}
