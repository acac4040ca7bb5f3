package dev.holdfast.domain.turns.claims;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One unit of work of a session's holder, under construction. */
final class Unit {
  final TurnReads state;
  final Worker worker;
  final Session session;
  final Instant now;
  final NewEvents events;
  private final List<Change> changes = new ArrayList<>();
  private WorkQueue queue;

  Unit(TurnReads state, WorkerId id, Instant now) {
    this.state = state;
    this.worker = state.worker(id).orElseThrow();
    this.session = state.session(id);
    this.now = now;
    this.events = new NewEvents(state, now, null);
    this.queue = state.workQueue(id);
  }

  Optional<Turn> openTurn() {
    return Optional.ofNullable(session.openTurn()).flatMap(state::turn);
  }

  void add(Change change) {
    changes.add(change);
  }

  void addAll(List<? extends Change> more) {
    changes.addAll(more);
  }

  /** Spec T-8: what the holder before had claimed of the inputs is free again. */
  void forgetHeldInputs() {
    giveBack(state.heldInputs(worker.id()), _ -> new InputState.Deferred());
  }

  /**
   * Inputs that were claimed wait again. Those of a worker that has ended since are cancelled, as they would have been then
   * had nobody claimed them: nothing takes them any more.
   */
  void giveBack(List<Input> held, Function<Input, InputState> waiting) {
    boolean taken = worker.status() == WorkerStatus.RUNNING;
    held.forEach(input -> add(
        new InputChange.Moved(input.in(taken ? waiting.apply(input) : new InputState.Cancelled()))));
    queue = queue.plusPending(taken ? held.size() : 0);
  }

  /** Who comes after a holder ends what that left: without a hand-over the attempt is lost (spec T-8). */
  Turn lost(Turn turn) {
    if (!turn.lastAttempt().isLive()) {
      return turn;
    }
    List<String> deferred = state.heldInputs(worker.id()).stream()
        .filter(input -> input.state() instanceof InputState.Accepted).map(input -> input.id().value()).toList();
    events.add(worker.id(), EventName.TURN_ATTEMPT_LOST, Json.object("turn_id", turn.id().value(), "attempt",
        turn.lastAttempt().number(), "why", whyLost(), "deferred", deferred.isEmpty() ? null : deferred));
    return turn.abandonedAt(now);
  }

  /** A lease that is live yet is taken only from the dead: from this node's own earlier start, or from a reclaimed holder. */
  private String whyLost() {
    if (!(state.lease(worker.id()) instanceof Lease.Held held) || !held.isLiveAt(now)) {
      return "lease_expired";
    }
    return held.fence().owner().isBuiltin() ? "node_restarted" : "holder_dead";
  }

  /** A claim whose id is never given again; {@code head} is the enqueue_seq of the first that it holds. */
  Claim claim(String family, long head, String token, long generation) {
    queue = queue.plusClaim();
    return new Claim(family + ":" + head + ":" + queue.lastClaimNo(), token, generation, now);
  }

  /** Batches that were claimed wait again; those of a worker that has ended since are cancelled as inputs are. */
  void giveBackBatches(List<Batch> held) {
    boolean taken = worker.status() == WorkerStatus.RUNNING;
    held.forEach(batch -> add(
        new QueueChange.Moved(batch.in(taken ? new BatchState.Waiting() : new BatchState.Cancelled()))));
    queue = taken ? queue : queue.minusBatches(held.size());
  }

  /** What dead claims held of the queued work of a worker that has ended is cancelled; nobody takes it any more. */
  void forgetHeldBatches() {
    if (worker.status() != WorkerStatus.RUNNING && queue.queuedWork() > 0) {
      giveBackBatches(state.batches(worker.id(), 0, queue.queuedWork(), new BatchState.Waiting().text()).stream()
          .filter(batch -> batch.state() instanceof BatchState.Claimed).toList());
    }
  }

  List<Input> claimInputs(List<Input> inputs, Function<Input, InputState> next) {
    List<Input> claimed = inputs.stream().map(input -> input.in(next.apply(input))).toList();
    claimed.forEach(input -> add(new InputChange.Moved(input)));
    queue = queue.plusPending(-(int) inputs.stream().filter(input -> input.state().isPending()).count());
    return claimed;
  }

  List<Batch> claimBatches(List<Batch> batches, BatchState next) {
    List<Batch> claimed = batches.stream().map(batch -> batch.in(next)).toList();
    claimed.forEach(batch -> add(new QueueChange.Moved(batch)));
    return claimed;
  }

  <T> Decision<T> done(T value) {
    if (!queue.equals(state.workQueue(worker.id()))) {
      changes.add(new QueueChange.QueuePut(queue));
    }
    if (events.lastId() > state.lastEventId()) {
      changes.add(new WorkerChange.Moved(worker.at(events.lastId())));
    }
    changes.addAll(events.changes());
    return Decision.done(value, changes);
  }
}
