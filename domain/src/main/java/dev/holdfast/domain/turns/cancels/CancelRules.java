package dev.holdfast.domain.turns.cancels;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cancelling a turn: durable before it is answered, and first writer wins against the turn's end (spec turns §10). */
public final class CancelRules {
  private CancelRules() {}

  /** Who brings a requested cancel about (spec T-82). */
  public enum Control {
    /** This node's built-in executor, which is told at once. */
    INLINE,
    /** Another holder, who learns of it by its next call. */
    DURABLE,
    /** Nobody holds the session, so the node ends the turn. */
    SETTLED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A turn with its request, old or new. */
  public record Requested(Turn turn, Control control) {}

  /**
   * Who asks.
   *
   * @param subject as in {@link WorkerRules#find}
   * @param actor the id of the key, or null
   */
  public record Asking(@Nullable String subject, @Nullable String actor, @Nullable String note) {}

  /**
   * Spec T-80. A repeated request is answered with the first, whatever its stage.
   *
   * @param here this node's built-in executor
   * @return completion_won for a turn that ended otherwise, turn_not_found also for other subjects' turns
   */
  public static Decision<Requested> request(TurnReads state, TurnId id, Asking by, Owner here, Instant now) {
    Optional<Turn> found = state.turn(id)
        .filter(t -> WorkerRules.find(state, null, t.session(), by.subject()) instanceof Outcome.Done<?>);
    if (found.isEmpty()) {
      return Decision.refused(Reason.TURN_NOT_FOUND);
    }
    Turn turn = found.get();
    return switch (turn.state()) {
      case Turn.State.Ended(TurnOutcome.Cancelled(), _, _) ->
        Decision.unchanged(new Requested(turn, Control.SETTLED));
      case Turn.State.Ended(TurnOutcome outcome, _, _) ->
        Decision.refused(Outcome.refused(Reason.COMPLETION_WON, "outcome", outcome.text()));
      case Turn.State.Open() -> requested(state, turn, by, here, now);
    };
  }

  private static Decision<Requested> requested(TurnReads state, Turn turn, Asking by, Owner here, Instant now) {
    Control control = control(state.lease(turn.session()), here, now);
    if (turn.isCancelRequested()) {
      return Decision.unchanged(new Requested(turn, control));
    }
    var events = new NewEvents(state, now, by.actor());
    List<Change> changes = new ArrayList<>();
    changes.add(newRequest(turn, by, events, now));
    Worker worker = state.worker(turn.session()).orElseThrow();
    changes.add(new WorkerChange.Moved(worker.at(events.lastId())));
    changes.addAll(events.changes());
    return Decision.done(
        new Requested(turn.withCancel(Cancel.requested(now, by.actor(), by.note())), control), changes);
  }

  private static Control control(Lease lease, Owner here, Instant now) {
    if (!(lease instanceof Lease.Held held) || !held.isLiveAt(now)) {
      return Control.SETTLED;
    }
    return held.fence().owner().equals(here) ? Control.INLINE : Control.DURABLE;
  }

  /** The request as part of another unit of work, whose events it joins. */
  static TurnChange newRequest(Turn turn, Asking by, NewEvents events, Instant now) {
    events.add(turn.session(), EventName.TURN_CANCEL_REQUESTED,
        Json.object("turn_id", turn.id().value(), "stage", Cancel.Stage.REQUESTED.text()));
    return new TurnChange.CancelPut(turn.id(), Cancel.requested(now, by.actor(), by.note()));
  }

  /** The request that comes with the cancel of a worker (spec W-22); empty when there is nothing to ask for. */
  public static Optional<TurnChange> ofWorker(TurnReads state, WorkerId worker, @Nullable String actor,
      @Nullable String note, NewEvents events, Instant now) {
    return Optional.ofNullable(state.session(worker).openTurn()).flatMap(state::turn)
        .filter(turn -> !turn.isCancelRequested())
        .map(turn -> newRequest(turn, new Asking(null, actor, note), events, now));
  }

  /** The holder has stopped producing, and its model calls were ended (spec T-83). */
  public static Decision<Cancel> acknowledge(TurnReads state, Fence fence, TurnId id, Instant now) {
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(fence.session()), fence, now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    Optional<Turn> turn = state.turn(id).filter(t -> t.session().equals(fence.session()));
    if (turn.isEmpty()) {
      return Decision.refused(Reason.TURN_NOT_FOUND);
    }
    if (!turn.get().isCancelRequested()) {
      return Decision.refused(turn.get().isOpen() ? Reason.CANCEL_NOT_REQUESTED : Reason.TURN_ENDED);
    }
    Cancel asked = Objects.requireNonNull(turn.get().cancel());
    Cancel told = turn.get().isOpen() ? asked.acknowledged(now) : asked;
    return told.equals(asked)
        ? Decision.unchanged(asked)
        : Decision.done(told, List.of(new TurnChange.CancelPut(id, told)));
  }
}
