package dev.holdfast.domain.turns.cancels;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerRules;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Cancelling inputs, one or many in one unit of work (spec T-47, T-48). */
public final class InputCancels {
  /** Inputs that one call may name or reach. */
  public static final int MAX_TARGETS = 1_000;

  private InputCancels() {}

  /** How to find an input: by its id, or by its source key. */
  public sealed interface Target {
    record ById(InputId id) implements Target {}

    record BySourceKey(String key) implements Target {}

    /** As the caller wrote it. */
    default String text() {
      return switch (this) {
        case ById(InputId id) -> id.value();
        case BySourceKey(String key) -> key;
      };
    }
  }

  /** What became of one target. */
  public sealed interface Result {
    /** It waited, and is cancelled now. */
    record Cancelled(Input input) implements Result {}

    record AlreadyCancelled(Input input) implements Result {}

    record AlreadyCompleted(Input input) implements Result {}

    /** @param holder the owner id of the session's holder, or null when nobody holds it */
    record AlreadyClaimed(Input input, @Nullable String holder) implements Result {}

    /** It is part of an open turn, which was asked to cancel with it. */
    record TurnAsked(Input input, TurnId turn) implements Result {}

    record NotFound(Target target) implements Result {}
  }

  /**
   * @param cascade whether the turn of an input that is claimed is asked to cancel instead, in the same unit of work
   * @return the result; a claimed or completed one and an unknown target are refused, with what the caller needs to know
   */
  public static Decision<Result> cancel(
      TurnReads state, Sender sender, Target target, boolean cascade, Instant now) {
    Outcome<Worker> found = worker(state, sender);
    if (found instanceof Outcome.Refused<Worker> refused) {
      return Decision.refused(refused);
    }
    var unit = new Cancelling(state, found.orThrow(), sender, now);
    Result result = unit.cancel(target, cascade);
    return switch (result) {
      case Result.Cancelled _,Result.TurnAsked _ -> unit.done(result);
      case Result.AlreadyCancelled _ -> Decision.unchanged(result);
      case Result.AlreadyCompleted _ -> Decision.refused(Reason.ALREADY_COMPLETED);
      case Result.AlreadyClaimed claimed -> Decision.refused(refusal(claimed));
      case Result.NotFound _ -> Decision.refused(Reason.INPUT_NOT_FOUND);
    };
  }

  /** One result per target, in their order; a target that is named twice is already cancelled the second time. */
  public static Decision<List<Result>> cancelAll(
      TurnReads state, Sender sender, List<Target> targets, Instant now) {
    Outcome<Worker> found = worker(state, sender);
    if (found instanceof Outcome.Refused<Worker> refused) {
      return Decision.refused(refused);
    }
    if (targets.isEmpty() || targets.size() > MAX_TARGETS) {
      return Decision.refused(Outcome.invalid("targets"));
    }
    var unit = new Cancelling(state, found.orThrow(), sender, now);
    List<Result> results = targets.stream().map(target -> unit.cancel(target, false)).toList();
    return unit.done(results);
  }

  /** The anchor and every later input of the session; those that have ended tell how they are (spec T-48). */
  public static Decision<List<Result>> cancelFrom(TurnReads state, Sender sender, Target anchor, Instant now) {
    Outcome<Worker> found = worker(state, sender);
    if (found instanceof Outcome.Refused<Worker> refused) {
      return Decision.refused(refused);
    }
    Optional<Input> first = find(state, sender.worker(), anchor);
    if (first.isEmpty()) {
      return Decision.refused(Reason.ANCHOR_NOT_FOUND);
    }
    List<Input> suffix =
        state.inputs(sender.worker(), first.get().enqueueSeq() - 1, MAX_TARGETS + 1, null);
    if (suffix.size() > MAX_TARGETS) {
      return Decision.refused(new Outcome.Refused<>(Reason.LIMIT_TOO_LARGE, Map.of("max", MAX_TARGETS)));
    }
    var unit = new Cancelling(state, found.orThrow(), sender, now);
    List<Result> results =
        suffix.stream().map(input -> unit.cancel(new Target.ById(input.id()), false)).toList();
    return unit.done(results);
  }

  private static Outcome<Worker> worker(TurnReads state, Sender sender) {
    return WorkerRules.find(state, sender.runtime(), sender.worker(), sender.subject());
  }

  private static Optional<Input> find(TurnReads state, WorkerId session, Target target) {
    return switch (target) {
      case Target.ById(InputId id) -> state.input(id).filter(input -> input.session().equals(session));
      case Target.BySourceKey(String key) -> state.inputBySourceKey(session, key);
    };
  }

  private static Outcome.Refused<?> refusal(Result.AlreadyClaimed claimed) {
    InputState state = claimed.input().state();
    Claim claim = Objects.requireNonNull(state.claim());
    Map<String, Object> facts = new HashMap<>();
    facts.put("state", state.text());
    facts.put("claim_id", claim.id());
    facts.put("generation", claim.generation());
    if (claimed.holder() != null) {
      facts.put("owner_id", claimed.holder());
    }
    if (state.turn() != null) {
      facts.put("turn_id", state.turn().value());
    }
    return new Outcome.Refused<>(Reason.ALREADY_CLAIMED, facts);
  }

  /** One unit of work under construction. */
  private static final class Cancelling {
    private final TurnReads state;
    private final Worker worker;
    private final Sender sender;
    private final Instant now;
    private final NewEvents events;
    private final List<Change> changes = new ArrayList<>();
    private final Set<InputId> cancelled = new HashSet<>();
    private int fewerPending;

    Cancelling(TurnReads state, Worker worker, Sender sender, Instant now) {
      this.state = state;
      this.worker = worker;
      this.sender = sender;
      this.now = now;
      this.events = new NewEvents(state, now, sender.keyId());
    }

    Result cancel(Target target, boolean cascade) {
      Optional<Input> found = find(state, worker.id(), target);
      if (found.isEmpty()) {
        return new Result.NotFound(target);
      }
      Input input = found.get();
      if (cancelled.contains(input.id())) {
        return new Result.AlreadyCancelled(input.in(new InputState.Cancelled()));
      }
      Lease lease = state.lease(worker.id());
      return switch (input.state()) {
        case InputState.Pending _,InputState.Deferred _ -> cancelled(input, 1);
        case InputState.Claimed(Claim claim) -> claim.generation() == lease.liveGeneration(now)
            ? claimed(input, lease)
            : cancelled(input, 0);
        case InputState.Bound(TurnId turn, _) -> cascade ? asked(input, turn) : claimed(input, lease);
        case InputState.Accepted(TurnId turn, _, _) -> cascade ? asked(input, turn) : claimed(input, lease);
        case InputState.Completed _ -> new Result.AlreadyCompleted(input);
        case InputState.Cancelled _ -> new Result.AlreadyCancelled(input);
      };
    }

    private Result cancelled(Input input, int pending) {
      Input after = input.in(new InputState.Cancelled());
      changes.add(new InputChange.Moved(after));
      events.add(worker.id(), EventName.WORKER_INPUT_CANCELLED, Json.object("input_id", input.id().value()));
      cancelled.add(input.id());
      fewerPending += pending;
      return new Result.Cancelled(after);
    }

    private static Result claimed(Input input, Lease lease) {
      return new Result.AlreadyClaimed(input, lease instanceof Lease.Held held ? held.fence().owner().id() : null);
    }

    private Result asked(Input input, TurnId id) {
      Turn turn = state.turn(id).orElseThrow();
      if (!turn.isCancelRequested()) {
        changes.add(CancelRules.newRequest(turn,
            new CancelRules.Asking(sender.subject(), sender.keyId(), null), events, now));
      }
      return new Result.TurnAsked(input, id);
    }

    <T> Decision<T> done(T value) {
      if (fewerPending > 0) {
        changes.add(new QueueChange.QueuePut(state.workQueue(worker.id()).plusPending(-fewerPending)));
      }
      if (events.lastId() > state.lastEventId()) {
        changes.add(new WorkerChange.Moved(worker.at(events.lastId())));
      }
      changes.addAll(events.changes());
      return Decision.done(value, changes);
    }
  }
}
