package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.turns.Attempt;
import dev.holdfast.domain.turns.Attempt.EndedBy;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.TurnOutcome;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.LeaseRules.Grant;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchSelection;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The drain order of spec T-60, row by row. */
final class Drain {
  private final TurnReads state;
  private final Grant grant;
  private final Fence fence;
  private final String token;
  private final TurnLimits limits;
  private final Instant now;
  private final Unit unit;

  Drain(TurnReads state, Grant grant, String token, TurnLimits limits, Instant now) {
    this.state = state;
    this.grant = grant;
    this.fence = grant.lease().fence();
    this.token = token;
    this.limits = limits;
    this.now = now;
    this.unit = new Unit(state, fence.session(), now);
  }

  Decision<NextWork> next(@Nullable List<BatchId> batches) {
    if (unit.worker.status() == WorkerStatus.QUARANTINED) {
      return Decision.unchanged(new NextWork.None());
    }
    Optional<Turn> open = unit.openTurn();
    if (open.isPresent()) {
      return goOn(open.get());
    }
    Optional<Batch> held = heldCommand();
    if (held.isPresent()) {
      taken();
      Claim claim = Objects.requireNonNull(held.get().state().claim());
      return unit.done(new NextWork.Apply(grant.lease(), claim, held.get()));
    }
    // An external executor's worker is its own; only what is open there may have to be settled (spec T-63). What has ended
    // takes nothing new.
    if (isForeign() || unit.worker.status() != WorkerStatus.RUNNING) {
      return Decision.unchanged(new NextWork.None());
    }
    return begin(batches);
  }

  /** Row 1 alone, for a turn that nobody runs: who does, ends it, also when it is the one who asks. */
  Decision<NextWork> settle() {
    Optional<Turn> open = unit.openTurn().filter(turn -> grant.changed() || !turn.hasLiveAttempt(fence.generation()))
        .filter(turn -> WorkRules.settlement(grant.changed() ? turn.abandonedAt(now) : turn, limits, now) != null);
    return open.isPresent() ? goOn(open.get()) : Decision.unchanged(new NextWork.None());
  }

  private boolean isForeign() {
    return unit.worker.execution() == Execution.EXTERNAL && fence.owner().isBuiltin();
  }

  // Rows 1 to 3.

  private Decision<NextWork> goOn(Turn open) {
    // Judged before anything is acquired: the holder before, if there was one, has lost this attempt.
    boolean overtaken = grant.changed() && open.lastAttempt().isLive();
    Turn turn = overtaken ? open.abandonedAt(now) : open;
    TurnOutcome settled = WorkRules.settlement(turn, limits, now);
    if (settled == null && isForeign()) {
      return Decision.unchanged(new NextWork.None());
    }
    taken();
    if (overtaken) {
      unit.lost(open);
    }
    tell(turn);
    return turn.hasLiveAttempt(fence.generation()) ? sameAgain(turn, settled) : resumed(turn, settled);
  }

  private Decision<NextWork> sameAgain(Turn turn, @Nullable TurnOutcome settled) {
    List<Input> inputs = inputs(turn);
    List<Batch> batches = batches(turn);
    Claim claim = Objects.requireNonNull(
        inputs.isEmpty() ? batches.getFirst().state().claim() : inputs.getFirst().state().claim());
    if (settled != null) {
      // What was claimed at a checkpoint has no part in an end without it.
      ClaimRules.giveBack(unit, state.heldInputs(unit.worker.id()),
          state.claimedBatches(unit.worker.id(), fence.generation()));
    }
    return unit.done(work(turn, claim, inputs, batches, settled));
  }

  private Decision<NextWork> resumed(Turn before, @Nullable TurnOutcome settled) {
    Attempt previous = before.lastAttempt();
    Turn turn = before.plusAttempt(attempt(previous.number() + 1));
    unit.events.add(unit.worker.id(), EventName.TURN_RESUMED,
        Json.object("turn_id", turn.id().value(), "attempt", turn.lastAttempt().number()));
    EndedBy by = previous.end() == null ? EndedBy.LOST : previous.end().by();
    return started(turn, inputs(turn), batches(turn), settled,
        new OutputPayload.Previous(previous.number(), by.text()));
  }

  /** Its holder hears of a request to cancel the turn by being asked to settle it. */
  private void tell(Turn turn) {
    List<Change> told = new ArrayList<>();
    if (turn.hasLiveAttempt(fence.generation())) {
      SessionRules.tell(turn, now, told);
    }
    unit.addAll(told);
  }

  private List<Input> inputs(Turn turn) {
    return turn.start().inputs().stream().map(id -> state.input(id).orElseThrow()).toList();
  }

  private List<Batch> batches(Turn turn) {
    return turn.start().batches().stream().map(id -> state.batch(id).orElseThrow()).toList();
  }

  // Rows 2 and 4 to 7.

  private boolean hasQueuedWork() {
    return state.workQueue(unit.worker.id()).queuedWork() > 0;
  }

  private Optional<Batch> heldCommand() {
    return grant.changed() || !hasQueuedWork()
        ? Optional.empty()
        : state.claimedBatches(unit.worker.id(), fence.generation()).stream().filter(Batch::isCommand).findFirst();
  }

  private Decision<NextWork> begin(@Nullable List<BatchId> named) {
    long live = grant.changed() ? 0 : fence.generation();
    boolean queued = hasQueuedWork();
    boolean inputs = state.hasPendingUserInput(unit.worker.id());
    List<Batch> ready = queued
        ? state.readyBatches(unit.worker.id(), now, live, limits.claimMax() + 1)
        : List.of();
    if (!ready.isEmpty() && ready.getFirst().isCommand() && commandComes(ready.getFirst(), named, inputs)) {
      return apply(ready.getFirst());
    }
    if (inputs) {
      taken();
      return start(startSet(), List.of());
    }
    List<Batch> group = named == null
        ? BatchSelection.turnWork(ready, false, limits.claimMax())
        : BatchSelection.byIds(ready, named);
    if (group.isEmpty()) {
      return Decision.unchanged(new NextWork.None());
    }
    taken();
    return start(List.of(), group);
  }

  /** Between a command and inputs only the time decides; in the same moment the input comes first (spec T-61). */
  private boolean commandComes(Batch command, @Nullable List<BatchId> named, boolean inputs) {
    return named != null || !inputs || command.enqueuedAt()
        .isBefore(state.nextTurnInputs(unit.worker.id(), 1).getFirst().enqueuedAt());
  }

  private Decision<NextWork> apply(Batch command) {
    taken();
    Claim claim = unit.claim("qwc", command.enqueueSeq(), token, fence.generation());
    Batch claimed = unit.claimBatches(List.of(command), new BatchState.Claimed(claim, null)).getFirst();
    return unit.done(new NextWork.Apply(grant.lease(), claim, claimed));
  }

  /** The first inputs that wait; a turn needs a user input, so the first of them takes the last place if need be. */
  private List<Input> startSet() {
    List<Input> first = state.nextTurnInputs(unit.worker.id(), limits.claimMax());
    if (first.stream().anyMatch(input -> input.kind() == InputKind.USER)) {
      return first;
    }
    Input user = state.nextTurnInputs(unit.worker.id(), Integer.MAX_VALUE).stream()
        .filter(input -> input.kind() == InputKind.USER).findFirst().orElseThrow();
    List<Input> set = new ArrayList<>(first.subList(0, limits.claimMax() - 1));
    set.add(user);
    return set;
  }

  private Decision<NextWork> start(List<Input> inputs, List<Batch> batches) {
    var id = new TurnId(unit.events.nextId());
    List<InputId> inputIds = inputs.stream().map(Input::id).toList();
    List<BatchId> batchIds = batches.stream().map(Batch::id).toList();
    Turn turn = Turn.opened(id, unit.session, new Turn.Start(inputIds, batchIds), attempt(1), now,
        now.plus(limits.turnDeadline()));
    unit.events.add(unit.worker.id(), EventName.TURN_STARTED,
        Json.object("turn_id", id.value(), "attempt", 1, "trigger", turn.start().trigger(), "input_ids",
            inputIds.stream().map(InputId::value).toList(), "batch_ids",
            batchIds.stream().map(BatchId::value).toList()));
    unit.add(new TurnChange.SessionPut(unit.session.opened(id)));
    return started(turn, inputs, batches, null, null);
  }

  // Common to both.

  private void taken() {
    if (grant.changed()) {
      unit.add(new LeaseChange.Put(grant.lease()));
      SessionRules.taken(unit, grant.lease(), state.lease(unit.worker.id()).isHeldLiveAt(now) ? "reclaim" : "claim");
    } else if (!grant.lease().equals(state.lease(unit.worker.id()))) {
      unit.add(new LeaseChange.Put(grant.lease()));
    }
  }

  private Attempt attempt(int number) {
    // Its first output record is written with it, so output seq 1 is taken.
    return new Attempt(number, fence.generation(), fence.owner().id(), now, 0, 1, null);
  }

  /** A new attempt claims the turn's start, and its first record says so. */
  private Decision<NextWork> started(Turn turn, List<Input> inputs, List<Batch> batches,
      @Nullable TurnOutcome settled, OutputPayload.@Nullable Previous previous) {
    Claim claim = inputs.isEmpty()
        ? unit.claim("qwc", batches.getFirst().enqueueSeq(), token, fence.generation())
        : unit.claim("inc", inputs.getFirst().enqueueSeq(), token, fence.generation());
    List<Input> boundInputs = unit.claimInputs(inputs, _ -> new InputState.Bound(turn.id(), claim));
    List<Batch> boundBatches = unit.claimBatches(batches, new BatchState.Bound(turn.id(), claim));
    unit.add(new TurnChange.Put(turn));
    var record = new OutputPayload.AttemptStarted(fence.generation(), turn.kept(), previous);
    unit.add(new OutputChange.Appended(turn.id(),
        List.of(new OutputRecord(turn.id(), turn.lastAttempt().number(), 1, now, record))));
    return unit.done(work(turn, claim, boundInputs, boundBatches, settled));
  }

  private NextWork work(
      Turn turn, Claim claim, List<Input> inputs, List<Batch> batches, @Nullable TurnOutcome settled) {
    return settled == null
        ? new NextWork.Run(grant.lease(), turn, claim, inputs, batches)
        : new NextWork.Settle(grant.lease(), turn, claim, settled);
  }
}
