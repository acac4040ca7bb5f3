package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The simulation's own book: what was answered and so must be there for ever. It is folded from the changes that were
 * decided, and each of them has to be one that the spec allows.
 */
final class Model {
  private final Map<WorkerId, SessionModel> sessions = new LinkedHashMap<>();
  private final Map<TurnId, SessionModel> ofTurns = new HashMap<>();
  private final Map<Stamp.Key, Stamp> stamps = new HashMap<>();
  private final Set<SessionModel> touched = new HashSet<>();
  private long lastEventId;

  SessionModel session(WorkerId id) {
    return Objects.requireNonNull(sessions.get(id));
  }

  Collection<SessionModel> sessions() {
    return sessions.values();
  }

  @Nullable
  Stamp stamp(Stamp.Key key) {
    return stamps.get(key);
  }

  /** @param mayTakeOver whether the world knows the holder of the session in question to be dead */
  void apply(List<Change> unit, boolean mayTakeOver, Instant now) {
    for (Change change : unit) {
      switch (change) {
        case EventChange.Appended(Event event) -> told(event);
        case EventChange.Pruned(long upTo) -> Violation.unless(upTo <= lastEventId, "what is pruned was there", upTo);
        case LeaseChange.Put(Lease lease) -> touch(lease.session()).put(lease, mayTakeOver, now);
        case InputChange input -> apply(input);
        case QueueChange queue -> apply(queue, now);
        case TurnChange turn -> apply(turn);
        case OutputChange.Appended(var turn, var records) -> touch(turn).turnModel(turn).appended(records);
        case WorkerChange worker -> apply(worker);
        default -> throw new Violation("a change of no kind that turns make: " + change);
      }
    }
  }

  private void told(Event event) {
    Violation.unless(event.id() == ++lastEventId, "event ids are dense", event);
    if (event.worker() != null) {
      touch(event.worker()).told(event);
    }
  }

  private void apply(InputChange change) {
    switch (change) {
      case InputChange.Accepted(var input) -> touch(input.session()).accepted(input);
      case InputChange.Moved(var input, var session, var next) -> touch(session).moved(input, next);
      case InputChange.PendingCancelled(WorkerId one) -> of(one).forEach(SessionModel::pendingCancelled);
    }
  }

  private void apply(QueueChange change, Instant now) {
    switch (change) {
      case QueueChange.Enqueued(var batch) -> touch(batch.session()).enqueued(batch);
      case QueueChange.Moved(var batch, var session, var next) -> touch(session).moved(batch, next);
      case QueueChange.QueuePut(var queue) -> touch(queue.session());
      case QueueChange.FreeCancelled(WorkerId one, Instant at) -> {
        Violation.unless(at.equals(now), "it is now", at);
        of(one).forEach(session -> session.freeCancelled(now));
      }
    }
  }

  private void apply(TurnChange change) {
    switch (change) {
      case TurnChange.SessionPut(var session) -> touch(session.id()).put(session);
      case TurnChange.Put(Turn turn) -> {
        ofTurns.putIfAbsent(turn.id(), session(turn.session()));
        touch(turn.session()).put(turn);
      }
      case TurnChange.CancelPut(var turn, var cancel) -> touch(turn).turnModel(turn).cancelled(cancel);
      case TurnChange.Admitted(var admission) -> touch(admission.turn()).admitted(admission);
      case TurnChange.Stamped(Stamp stamp) ->
        Violation.unless(stamps.put(stamp.key(), stamp) == null, "a stamp never changes", stamp);
    }
  }

  private void apply(WorkerChange change) {
    switch (change) {
      case WorkerChange.Created(var worker, _) -> sessions.put(worker.id(), new SessionModel(worker));
      case WorkerChange.EntryAppended(TranscriptEntry entry) -> {
        var origin = (TranscriptEntry.Origin.FromTurn) entry.origin();
        touch(entry.worker()).entry(origin.turn(), entry.sequence(), entry.content());
      }
      case WorkerChange.PrunedPut(var marks) -> touch(marks.worker()).pruned(marks);
      case WorkerChange.Moved moved -> touch(moved.id()).put(moved.of(session(moved.id()).worker()));
      case WorkerChange.AllStopped() -> of(null).stream().filter(SessionModel::isRunning)
          .forEach(one -> one.put(one.worker().ended(WorkerStatus.STOPPED, one.worker().lastEventId())));
      case WorkerChange.RuntimePut _,WorkerChange.KeyRemembered _,WorkerChange.DiagnosticAdded _,WorkerChange.DiagnosticDropped _ -> {
        // No part of a session.
      }
    }
  }

  private SessionModel touch(WorkerId id) {
    SessionModel session = session(id);
    touched.add(session);
    return session;
  }

  private SessionModel touch(TurnId turn) {
    SessionModel session = Objects.requireNonNull(ofTurns.get(turn));
    touched.add(session);
    return session;
  }

  private Collection<SessionModel> of(@Nullable WorkerId one) {
    if (one == null) {
      touched.addAll(sessions.values());
      return sessions.values();
    }
    return List.of(touch(one));
  }

  /** Whether the sessions that the last unit touched are as they must be. */
  void check(State state) {
    touched.forEach(session -> session.check(state));
    touched.clear();
    Violation.unless(state.lastEventId() == lastEventId, "the newest event", state.lastEventId());
  }

  /** The same for everything: nothing that was answered has disappeared. */
  void checkAll(State state) {
    touched.addAll(sessions.values());
    check(state);
    for (SessionModel session : sessions.values()) {
      List<Turn> stored = state.turns(session.id, 0, Integer.MAX_VALUE);
      Violation.unless(stored.equals(session.turns()), "the stored turns", stored);
    }
    stamps.forEach((key, stamp) -> Violation.unless(stamp.equals(state.stamp(key).orElse(null)), "the stored stamp",
        stamp));
  }
}
