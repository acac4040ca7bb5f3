package dev.holdfast.domain.turns.responses;

import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputState;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a response stands; never stored, as its input and turn tell it (spec R-51). */
public enum ResponseStatus {
  QUEUED,
  IN_PROGRESS,
  COMPLETED,
  INCOMPLETE,
  FAILED,
  CANCELLED;

  /** @param turn that took the input; null before there is one */
  public static ResponseStatus of(Input input, @Nullable Turn turn) {
    if (turn != null) {
      return switch (turn.state()) {
        case Turn.State.Open _ -> IN_PROGRESS;
        case Turn.State.Ended ended -> of(ended.outcome());
      };
    }
    return switch (input.state()) {
      case InputState.Pending _,InputState.Deferred _,InputState.Claimed _ -> QUEUED;
      case InputState.Bound _,InputState.Accepted _ -> IN_PROGRESS;
      case InputState.Completed _ -> COMPLETED;
      case InputState.Cancelled _ -> CANCELLED;
    };
  }

  public static ResponseStatus of(TurnOutcome outcome) {
    return switch (outcome) {
      case TurnOutcome.Completed _ -> COMPLETED;
      case TurnOutcome.Incomplete _ -> INCOMPLETE;
      case TurnOutcome.Failed _ -> FAILED;
      case TurnOutcome.Cancelled _ -> CANCELLED;
    };
  }

  public boolean isEnded() {
    return switch (this) {
      case QUEUED, IN_PROGRESS -> false;
      case COMPLETED, INCOMPLETE, FAILED, CANCELLED -> true;
    };
  }

  /** The name on the wire. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
