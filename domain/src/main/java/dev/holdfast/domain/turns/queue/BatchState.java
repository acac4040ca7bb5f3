package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.turns.leases.Claim;
import org.jspecify.annotations.Nullable;

/** Where a batch of queued work stands (spec turns §3). */
public sealed interface BatchState {
  record Waiting() implements BatchState {}

  /**
   * Claimed by the holder of the session. When the claim's generation is no longer live, the batch waits as before.
   *
   * @param checkpointOf the open turn at whose checkpoint it was claimed, or null at idle
   */
  record Claimed(Claim claim, @Nullable TurnId checkpointOf) implements BatchState {}

  /** Part of a turn's start, and bound to that turn until it ends, whatever becomes of the claim (spec T-45). */
  record Bound(TurnId turn, Claim claim) implements BatchState {}

  /** @param turn the turn that took it, or null for a command */
  record Completed(@Nullable TurnId turn) implements BatchState {}

  record Cancelled() implements BatchState {}

  /** The name of the state on the wire. */
  default String text() {
    return switch (this) {
      case Waiting _,Claimed _,Bound _ -> "waiting";
      case Completed _ -> "completed";
      case Cancelled _ -> "cancelled";
    };
  }

  default boolean isEnded() {
    return this instanceof Completed || this instanceof Cancelled;
  }

  /** The claim that it is held under, dead or alive; null when there is none. */
  default @Nullable Claim claim() {
    return switch (this) {
      case Claimed(Claim claim, _) -> claim;
      case Bound(_, Claim claim) -> claim;
      case Waiting _,Completed _,Cancelled _ -> null;
    };
  }

  /** Whether it can be claimed: it waits, or its claim is of another generation than the live one. */
  default boolean isFree(long liveGeneration) {
    return switch (this) {
      case Waiting _ -> true;
      case Claimed(Claim claim, _) -> claim.generation() != liveGeneration;
      case Bound _,Completed _,Cancelled _ -> false;
    };
  }
}
