package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.commits.TurnCommit.Completion;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchSelection;
import dev.holdfast.domain.turns.queue.BatchState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A holder's claims on single kinds of work, and giving them back (spec T-27 to T-30, T-44, T-66). */
public final class ClaimRules {
  private ClaimRules() {}

  /** Work that was claimed together. */
  public record Claimed<T>(Claim claim, List<T> items) {
    public Claimed {
      items = List.copyOf(items);
    }
  }

  /** What a turn takes in at a checkpoint; null where there is nothing of the kind. */
  public record AtCheckpoint(
      @Nullable Claimed<Input> inputs, @Nullable Claimed<Batch> batches, @Nullable Cancel cancel) {
    public boolean isEmpty() {
      return inputs == null && batches == null;
    }

    /** For the commit that takes all of it in. */
    public List<Completion> completions() {
      List<Completion> completions = new ArrayList<>();
      if (inputs != null) {
        completions.add(new Completion.OfInputs(inputs.claim().id(), inputs.claim().token(),
            inputs.items().stream().map(Input::id).toList()));
      }
      if (batches != null) {
        completions.add(new Completion.OfBatches(batches.claim().id(), batches.claim().token(),
            batches.items().stream().map(Batch::id).toList()));
      }
      return completions;
    }
  }

  /** Who claims, and the claim's token, which nobody can predict. */
  public record Holder(Fence fence, String freshToken) {}

  /** The command at the head of the queue, alone; empty when there is none there (spec T-27). */
  public static Decision<Optional<Claimed<Batch>>> leadingCommand(TurnReads state, Holder by, Instant now) {
    return fenced(state, by, now, unit -> {
      List<Batch> ready = ready(unit, by, 1);
      return ready.isEmpty() || !ready.getFirst().isCommand()
          ? Optional.empty()
          : Optional.of(claim(unit, by, ready, null));
    });
  }

  /**
   * The turn work at the head of the queue (spec T-25, T-28).
   *
   * @param checkpointOf the open turn, or null at idle
   */
  public static Decision<Optional<Claimed<Batch>>> turnWork(
      TurnReads state, Holder by, @Nullable TurnId checkpointOf, int max, Instant now) {
    return fenced(state, by, now, unit -> turnWork(unit, by, checkpointOf, checkpointOf != null, max));
  }

  private static Optional<Claimed<Batch>> turnWork(
      Unit unit, Holder by, @Nullable TurnId checkpointOf, boolean atCheckpoint, int max) {
    List<Batch> group = BatchSelection.turnWork(ready(unit, by, max + 1), atCheckpoint, max);
    return group.isEmpty() ? Optional.empty() : Optional.of(claim(unit, by, group, checkpointOf));
  }

  /** Exactly these batches, if they are the whole of what comes next at idle (spec T-29). */
  public static Decision<Optional<Claimed<Batch>>> turnWorkByIds(
      TurnReads state, Holder by, List<BatchId> ids, Instant now) {
    return fenced(state, by, now, unit -> {
      List<Batch> group = BatchSelection.byIds(ready(unit, by, BatchSelection.MAX_GROUP + 1), ids);
      return group.isEmpty() ? Optional.empty() : Optional.of(claim(unit, by, group, null));
    });
  }

  /** The inputs that wait for the next turn; none without a user input among them (spec T-44). */
  public static Decision<Optional<Claimed<Input>>> nextTurnInputs(
      TurnReads state, Holder by, int max, Instant now) {
    return fenced(state, by, now, unit -> {
      List<Input> candidates = state.nextTurnInputs(by.fence().session(), max);
      if (candidates.stream().noneMatch(input -> input.kind() == InputKind.USER)) {
        return Optional.empty();
      }
      Claim claim = unit.claim("inc", candidates.getFirst().enqueueSeq(), by.freshToken(), by.fence().generation());
      return Optional.of(new Claimed<>(claim, unit.claimInputs(candidates, _ -> new InputState.Claimed(claim))));
    });
  }

  /**
   * What a turn takes in at a checkpoint: the inputs that wait for it, then turn work. Asking again in the same attempt
   * answers what was claimed before and is still open (spec T-66).
   */
  public static Decision<AtCheckpoint> atCheckpoint(TurnReads state, Holder by, TurnId turn, int attempt,
      Boundary checkpoint, TurnLimits limits, Instant now) {
    Fence fence = by.fence();
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(fence.session()), fence, now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    Outcome.Refused<?> refusal = AppendRules.refusal(state.turn(turn), fence, attempt);
    if (refusal != null) {
      return Decision.refused(refusal);
    }
    Turn open = state.turn(turn).orElseThrow();
    Reason overdue = open.overdueAt(now);
    if (overdue != null) {
      return Decision.refused(overdue);
    }
    var unit = new Unit(state, fence.session(), now);
    List<Change> told = new ArrayList<>();
    Cancel cancel = SessionRules.tell(open, now, told);
    unit.addAll(told);
    AtCheckpoint again = stillOpen(unit, fence, turn, cancel);
    if (!again.isEmpty() || cancel != null) {
      // A turn that is to end takes nothing more in.
      return unit.done(again);
    }
    return unit.done(new AtCheckpoint(activeInputs(unit, by, turn, checkpoint, limits.claimMax()),
        turnWork(unit, by, turn, true, limits.claimMax()).orElse(null), null));
  }

  private static AtCheckpoint stillOpen(Unit unit, Fence fence, TurnId turn, @Nullable Cancel cancel) {
    List<Input> inputs = unit.state.heldInputs(fence.session()).stream()
        .filter(input -> input.state() instanceof InputState.Accepted(TurnId of, _, Claim claim) && of.equals(turn)
            && claim.generation() == fence.generation())
        .toList();
    List<Batch> batches = unit.state.claimedBatches(fence.session(), fence.generation()).stream()
        .filter(batch -> turn.equals(batch.turn())).toList();
    return new AtCheckpoint(
        inputs.isEmpty()
            ? null
            : new Claimed<>(Objects.requireNonNull(inputs.getFirst().state().claim()), inputs),
        batches.isEmpty()
            ? null
            : new Claimed<>(Objects.requireNonNull(batches.getFirst().state().claim()), batches),
        cancel);
  }

  private static @Nullable Claimed<Input> activeInputs(
      Unit unit, Holder by, TurnId turn, Boundary checkpoint, int max) {
    List<Input> inputs = unit.state.activeInputs(by.fence().session(), turn, checkpoint, max);
    if (inputs.isEmpty()) {
      return null;
    }
    Claim claim = unit.claim("inc", inputs.getFirst().enqueueSeq(), by.freshToken(), by.fence().generation());
    return new Claimed<>(claim, unit.claimInputs(inputs, input -> accepted(input, claim)));
  }

  private static InputState accepted(Input input, Claim claim) {
    var waiting = (InputState.Pending) input.state();
    return new InputState.Accepted(waiting.turn(), waiting.earliest(), claim);
  }

  /**
   * Gives a claim back (spec T-30); one that isn't held as it is named has no effect, nor has that of an open turn's start,
   * which stays the turn's (T-45).
   *
   * @return how many inputs and batches wait again
   */
  public static Decision<Integer> abandon(TurnReads state, Fence fence, String claimId, String token, Instant now) {
    WorkerId session = fence.session();
    List<Input> inputs = state.heldInputs(session).stream()
        .filter(input -> isNamed(input.state().claim(), claimId, token)).toList();
    long generation = state.lease(session).generation();
    List<Batch> batches = state.claimedBatches(session, generation).stream()
        .filter(batch -> isNamed(batch.state().claim(), claimId, token)).toList();
    if (inputs.isEmpty() && batches.isEmpty()) {
      return Decision.unchanged(0);
    }
    var unit = new Unit(state, session, now);
    giveBack(unit, inputs, batches);
    return unit.done(inputs.size() + batches.size());
  }

  /** Inputs and batches that were claimed, but not for an open turn's start, wait again. */
  static void giveBack(Unit unit, List<Input> inputs, List<Batch> batches) {
    unit.giveBack(inputs, ClaimRules::given);
    unit.giveBackBatches(batches);
  }

  private static InputState given(Input input) {
    return input.state() instanceof InputState.Accepted(TurnId turn, Boundary earliest, _)
        ? new InputState.Pending(turn, earliest)
        : new InputState.Deferred();
  }

  private static boolean isNamed(@Nullable Claim claim, String id, String token) {
    return claim != null && claim.id().equals(id) && claim.token().equals(token);
  }

  private static List<Batch> ready(Unit unit, Holder by, int limit) {
    return unit.state.readyBatches(by.fence().session(), unit.now, by.fence().generation(), limit);
  }

  private static Claimed<Batch> claim(Unit unit, Holder by, List<Batch> batches, @Nullable TurnId checkpointOf) {
    Claim claim = unit.claim("qwc", batches.getFirst().enqueueSeq(), by.freshToken(), by.fence().generation());
    return new Claimed<>(claim, unit.claimBatches(batches, new BatchState.Claimed(claim, checkpointOf)));
  }

  /** Claims for the holder of the session; nothing is written when there is nothing to claim. */
  private static <T> Decision<Optional<Claimed<T>>> fenced(
      TurnReads state, Holder by, Instant now, Function<Unit, Optional<Claimed<T>>> claiming) {
    Outcome<Lease.Held> held = LeaseRules.validate(state.lease(by.fence().session()), by.fence(), now);
    if (held instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    var unit = new Unit(state, by.fence().session(), now);
    Optional<Claimed<T>> claimed = claiming.apply(unit);
    return claimed.isEmpty() ? Decision.unchanged(claimed) : unit.done(claimed);
  }
}
