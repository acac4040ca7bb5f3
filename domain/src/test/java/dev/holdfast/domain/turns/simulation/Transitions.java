package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.queue.BatchState;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The moves that spec turns §3, §4 and §10 allow, told apart from the rules that make them. */
final class Transitions {
  private Transitions() {}

  /** @param running whether the worker takes work; what comes back to one that has ended is cancelled */
  static boolean isLegal(InputState from, InputState to, boolean running) {
    return switch (from) {
      case InputState.Pending(TurnId turn, var earliest) -> switch (to) {
        case InputState.Accepted(TurnId into, var same, _) -> into.equals(turn) && same == earliest;
        case InputState.Deferred _,InputState.Cancelled _ -> true;
        case InputState.Pending _,InputState.Claimed _,InputState.Bound _,InputState.Completed _ -> false;
      };
      case InputState.Deferred _ -> to instanceof InputState.Claimed || to instanceof InputState.Bound
          || to instanceof InputState.Cancelled;
      case InputState.Claimed _ -> to instanceof InputState.Deferred || to instanceof InputState.Completed
          || to instanceof InputState.Cancelled;
      case InputState.Bound(TurnId turn, _) -> switch (to) {
        case InputState.Bound(TurnId same, _) -> same.equals(turn);
        case InputState.Completed(TurnId same, _) -> turn.equals(same);
        case InputState.Pending _,InputState.Deferred _,InputState.Claimed _,InputState.Accepted _,InputState.Cancelled _ ->
          false;
      };
      case InputState.Accepted(TurnId turn, var earliest, _) -> switch (to) {
        case InputState.Pending(TurnId same, var kept) -> running && same.equals(turn) && kept == earliest;
        case InputState.Deferred _ -> running;
        case InputState.Cancelled _ -> !running;
        case InputState.Completed(TurnId same, _) -> turn.equals(same);
        case InputState.Claimed _,InputState.Bound _,InputState.Accepted _ -> false;
      };
      case InputState.Completed _,InputState.Cancelled _ -> false;
    };
  }

  static boolean isLegal(BatchState from, BatchState to) {
    return switch (from) {
      case BatchState.Waiting _ -> !(to instanceof BatchState.Waiting) && !(to instanceof BatchState.Completed);
      case BatchState.Claimed _ -> true;
      case BatchState.Bound(TurnId turn, _) -> switch (to) {
        case BatchState.Bound(TurnId same, _) -> same.equals(turn);
        case BatchState.Completed(TurnId same) -> turn.equals(same);
        case BatchState.Waiting _,BatchState.Claimed _,BatchState.Cancelled _ -> false;
      };
      case BatchState.Completed _,BatchState.Cancelled _ -> false;
    };
  }

  /** A request stays as it was made, and what has been stamped stays stamped as it is. */
  static boolean isForward(@Nullable Cancel from, @Nullable Cancel to) {
    if (from == null) {
      return true;
    }
    return to != null && from.requestedAt().equals(to.requestedAt()) && Objects.equals(from.by(), to.by())
        && Objects.equals(from.note(), to.note()) && isKept(from.deliveredAt(), to.deliveredAt())
        && isKept(from.acknowledgedAt(), to.acknowledgedAt()) && isKept(from.releasedAt(), to.releasedAt())
        && (to.acknowledgedAt() == null || to.deliveredAt() != null);
  }

  private static boolean isKept(@Nullable Instant from, @Nullable Instant to) {
    return from == null || from.equals(to);
  }
}
