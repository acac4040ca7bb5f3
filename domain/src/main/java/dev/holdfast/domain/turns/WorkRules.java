package dev.holdfast.domain.turns;

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
import dev.holdfast.domain.turns.Attempt.EndedBy;
import dev.holdfast.domain.turns.inputs.Claim;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.leases.LeaseRules;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Taking a session, finding what there is to do in it, and giving it back (spec T-1 to T-8, T-60). */
public final class WorkRules {
  private WorkRules() {}

  /**
   * Acquires the session and claims its next work in one unit of work. Where there is nothing to do nothing is acquired,
   * so that looking costs no write.
   *
   * @param freshToken unpredictable; becomes the lease's token and the claim's
   * @return the work, or lease_busy
   */
  public static Decision<NextWork> take(
      TurnReads state, WorkerId session, Owner by, String freshToken, TurnLimits limits, Instant now) {
    Outcome<LeaseRules.Grant> grant =
        LeaseRules.acquire(state.lease(session), by, freshToken, now, limits.leaseTtl());
    return switch (grant) {
      case Outcome.Refused<LeaseRules.Grant> refused -> Decision.refused(refused);
      case Outcome.Replayed<LeaseRules.Grant>(LeaseRules.Grant granted) ->
        new Taking(state, granted, freshToken, limits, now).decide();
      case Outcome.Done<LeaseRules.Grant>(LeaseRules.Grant granted) ->
        new Taking(state, granted, freshToken, limits, now).decide();
    };
  }

  /** Spec T-4; past the turn's deadline a renewal is refused (T-55). */
  public static Decision<Lease.Held> renew(TurnReads state, Fence fence, TurnLimits limits, Instant now) {
    Outcome<Lease.Held> renewed =
        LeaseRules.renew(state.lease(fence.session()), fence, now, limits.leaseTtl());
    if (renewed instanceof Outcome.Refused<Lease.Held> refused) {
      return Decision.refused(refused);
    }
    Optional<Turn> open = openTurn(state, state.session(fence.session()));
    if (open.isPresent() && !now.isBefore(open.get().deadlineAt())) {
      return Decision.refused(Reason.TURN_DEADLINE_EXCEEDED);
    }
    return Decision.done(renewed.orThrow(), List.of(new LeaseChange.Put(renewed.orThrow())));
  }

  /** Spec T-5: a hand-over. A fence that isn't the stored one has no effect. */
  public static Decision<Boolean> release(TurnReads state, Fence fence, Instant now) {
    if (!LeaseRules.releases(state.lease(fence.session()), fence)) {
      return Decision.unchanged(false);
    }
    List<Change> changes = new ArrayList<>();
    openTurn(state, state.session(fence.session()))
        .filter(turn -> turn.hasLiveAttempt(fence.generation()))
        .map(turn -> turn.withLastAttempt(turn.lastAttempt().ended(EndedBy.HANDED_OVER, now)))
        .ifPresent(turn -> changes.add(new TurnChange.Put(turn)));
    var events = new NewEvents(state, now, null);
    changes.addAll(released(fence, events));
    changes.add(new WorkerChange.Moved(state.worker(fence.session()).orElseThrow().at(events.lastId())));
    changes.addAll(events.changes());
    return Decision.done(true, changes);
  }

  /**
   * Frees a session that an earlier start of {@code successor} held when it died, so that nobody takes its turn for running
   * while it waits for its place (spec T-3, W-33).
   *
   * @return whether there was such a lease
   */
  public static Decision<Boolean> freeDead(TurnReads state, WorkerId session, Owner successor, Instant now) {
    if (!(state.lease(session) instanceof Lease.Held held) || !successor.succeeds(held.fence().owner())) {
      return Decision.unchanged(false);
    }
    var events = new NewEvents(state, now, null);
    List<Change> changes = new ArrayList<>();
    openTurn(state, state.session(session)).map(turn -> lost(turn, events, now))
        .ifPresent(turn -> changes.add(new TurnChange.Put(turn)));
    changes.add(new LeaseChange.Put(new Lease.Free(session, held.generation())));
    if (events.lastId() > state.lastEventId()) {
      changes.add(new WorkerChange.Moved(state.worker(session).orElseThrow().at(events.lastId())));
    }
    changes.addAll(events.changes());
    return Decision.done(true, changes);
  }

  /** Who comes after a holder ends what that left: without a hand-over the attempt is lost (spec T-8). */
  private static Turn lost(Turn turn, NewEvents events, Instant now) {
    if (!turn.lastAttempt().isLive()) {
      return turn;
    }
    events.add(turn.session(), EventName.TURN_ATTEMPT_LOST, Json.object("turn_id", turn.id().value(), "attempt",
        turn.lastAttempt().number(), "why", "lease_taken_over"));
    return turn.withLastAttempt(turn.lastAttempt().ended(EndedBy.LOST, now));
  }

  /** The lease is free again, with an event. */
  static List<Change> released(Fence fence, NewEvents events) {
    events.add(fence.session(), EventName.LEASE_RELEASED, Json.object("generation", fence.generation()));
    return List.of(new LeaseChange.Put(new Lease.Free(fence.session(), fence.generation())));
  }

  static Optional<Turn> openTurn(TurnReads state, Session session) {
    return Optional.ofNullable(session.openTurn()).flatMap(state::turn);
  }

  /** One unit of work under construction. */
  private static final class Taking {
    private final TurnReads state;
    private final LeaseRules.Grant grant;
    private final Fence fence;
    private final String token;
    private final TurnLimits limits;
    private final Instant now;
    private final Worker worker;
    private final Session session;
    private final NewEvents events;
    private final List<Change> changes = new ArrayList<>();

    Taking(TurnReads state, LeaseRules.Grant grant, String token, TurnLimits limits, Instant now) {
      this.state = state;
      this.grant = grant;
      this.fence = grant.lease().fence();
      this.token = token;
      this.limits = limits;
      this.now = now;
      this.worker = state.worker(fence.session()).orElseThrow();
      this.session = state.session(fence.session());
      this.events = new NewEvents(state, now, null);
    }

    Decision<NextWork> decide() {
      if (worker.status() == WorkerStatus.QUARANTINED) {
        return Decision.unchanged(new NextWork.None());
      }
      Optional<Turn> open = openTurn(state, session);
      if (open.isPresent()) {
        return goOn(open.get());
      }
      // An external executor's worker is its own; only what is open there may have to be settled (spec T-63).
      boolean foreign = worker.execution() == Execution.EXTERNAL && fence.owner().isBuiltin();
      if (foreign || !state.hasPendingUserInput(worker.id())) {
        return Decision.unchanged(new NextWork.None());
      }
      taken();
      return start(startSet());
    }

    /** The first pending inputs; a turn needs a user input, so the first of them takes the last place if need be. */
    private List<Input> startSet() {
      List<Input> first = state.pendingInputs(worker.id(), limits.claimMax());
      if (first.stream().anyMatch(input -> input.kind() == InputKind.USER)) {
        return first;
      }
      Input user = state.pendingInputs(worker.id(), Integer.MAX_VALUE).stream()
          .filter(input -> input.kind() == InputKind.USER).findFirst().orElseThrow();
      List<Input> set = new ArrayList<>(first.subList(0, limits.claimMax() - 1));
      set.add(user);
      return set;
    }

    private void taken() {
      if (grant.changed()) {
        acquired();
      } else {
        changes.add(new LeaseChange.Put(grant.lease()));
      }
    }

    private Decision<NextWork> goOn(Turn open) {
      Turn turn = open;
      taken();
      if (grant.changed()) {
        turn = lost(turn, events, now);
      }
      TurnOutcome settled = settlement(turn);
      List<Input> inputs;
      Claim claim;
      if (turn.hasLiveAttempt(fence.generation())) {
        inputs = turn.inputs().stream().map(id -> state.input(id).orElseThrow()).toList();
        claim = ((InputState.Bound) inputs.getFirst().state()).claim();
      } else {
        turn = turn.plusAttempt(attempt(turn.lastAttempt().number() + 1));
        Attempt previous = turn.attempts().get(turn.attempts().size() - 2);
        events.add(worker.id(), EventName.TURN_RESUMED,
            Json.object("turn_id", turn.id().value(), "attempt", turn.lastAttempt().number()));
        claim = claim(turn);
        inputs = bind(turn.inputs().stream().map(id -> state.input(id).orElseThrow()).toList(), turn.id(), claim);
        opened(turn, new OutputPayload.Previous(previous.number(), endedBy(previous)));
      }
      return done(settled == null
          ? new NextWork.Run(grant.lease(), turn, claim, inputs)
          : new NextWork.Settle(grant.lease(), turn, claim, settled));
    }

    private @Nullable TurnOutcome settlement(Turn turn) {
      if (!now.isBefore(turn.deadlineAt())) {
        return new TurnOutcome.Failed(Reason.TURN_DEADLINE_EXCEEDED);
      }
      if (turn.lostInARow() >= limits.attemptsWithoutProgress()) {
        return new TurnOutcome.Failed(Reason.ATTEMPTS_EXHAUSTED);
      }
      return null;
    }

    private Decision<NextWork> start(List<Input> pending) {
      var id = new TurnId(events.nextId());
      List<InputId> ids = pending.stream().map(Input::id).toList();
      var turn = new Turn(id, worker.id(), session.lastTurnIndex() + 1, ids, List.of(attempt(1)), now,
          now.plus(limits.turnDeadline()), Usage.NONE, new Turn.State.Open());
      events.add(worker.id(), EventName.TURN_STARTED, Json.object("turn_id", id.value(), "attempt", 1, "trigger",
          "inputs", "input_ids", ids.stream().map(InputId::value).toList(), "batch_ids", List.of()));
      Claim claim = claim(turn);
      List<Input> inputs = bind(pending, id, claim);
      changes.add(new InputChange.QueuePut(state.inputQueue(worker.id()).minus(pending.size())));
      changes.add(new TurnChange.SessionPut(session.opened(id)));
      opened(turn, null);
      return done(new NextWork.Run(grant.lease(), turn, claim, inputs));
    }

    private Attempt attempt(int number) {
      // Its first output record is written with it, so output seq 1 is taken.
      return new Attempt(number, fence.generation(), fence.owner().id(), now, 0, 1, null);
    }

    private void opened(Turn turn, OutputPayload.@Nullable Previous previous) {
      changes.add(new TurnChange.Put(turn));
      var started = new OutputPayload.AttemptStarted(fence.generation(), null, previous);
      changes.add(new OutputChange.Appended(turn.id(),
          List.of(new OutputRecord(turn.id(), turn.lastAttempt().number(), 1, now, started))));
    }

    private static String endedBy(Attempt attempt) {
      return attempt.end() == null ? EndedBy.LOST.text() : attempt.end().by().text();
    }

    private void acquired() {
      changes.add(new LeaseChange.Put(grant.lease()));
      boolean fromDead = state.lease(worker.id()).isHeldLiveAt(now);
      events.add(worker.id(), EventName.LEASE_ACQUIRED,
          Json.object("generation", fence.generation(), "how", fromDead ? "reclaim" : "claim"));
    }

    private Claim claim(Turn turn) {
      String name = "inc:" + turn.id() + ":" + turn.lastAttempt().number();
      return new Claim(name, token, fence.generation(), now);
    }

    private List<Input> bind(List<Input> inputs, TurnId turn, Claim claim) {
      List<Input> bound = inputs.stream().map(i -> i.in(new InputState.Bound(turn, claim))).toList();
      bound.forEach(input -> changes.add(new InputChange.Moved(input)));
      return bound;
    }

    private Decision<NextWork> done(NextWork work) {
      if (events.lastId() > state.lastEventId()) {
        changes.add(new WorkerChange.Moved(worker.at(events.lastId())));
      }
      changes.addAll(events.changes());
      return Decision.done(work, changes);
    }
  }
}
