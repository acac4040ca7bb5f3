package dev.holdfast.domain.integrity;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Cancel;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The fold over the changes of sessions, leases, turns and output. */
abstract class MemoryTurns extends MemoryInputs implements TurnReads {
  private final Map<WorkerId, Session> sessions = new HashMap<>();
  private final NavigableMap<WorkerId, Lease> leases = new TreeMap<>();
  private final Map<TurnId, Turn> turns = new HashMap<>();
  private final Map<WorkerId, NavigableMap<Long, TurnId>> turnsOfSessions = new HashMap<>();
  private final Map<TurnId, List<OutputRecord>> outputs = new HashMap<>();
  private final Map<TurnId, List<Admission>> admissions = new HashMap<>();
  private final Map<Stamp.Key, Stamp> stamps = new HashMap<>();

  /** The sessions with an open turn, a pending input or queued work, so that looking for work never meets the idle ones. */
  private final NavigableSet<WorkerId> withWork = new TreeSet<>();

  final void apply(TurnChange change) {
    switch (change) {
      case TurnChange.SessionPut(Session session) -> {
        sessions.put(session.id(), session);
        workChanged(session.id());
      }
      case TurnChange.Put(Turn turn) -> {
        turns.put(turn.id(), turn);
        turnsOfSessions.computeIfAbsent(turn.session(), _ -> new TreeMap<>()).put(turn.index(), turn.id());
      }
      case TurnChange.CancelPut(TurnId turn, Cancel cancel) ->
        turns.computeIfPresent(turn, (_, known) -> known.withCancel(cancel));
      case TurnChange.Admitted(Admission admission) ->
        admissions.computeIfAbsent(admission.turn(), _ -> new ArrayList<>()).add(admission);
      case TurnChange.Stamped(Stamp stamp) -> stamps.put(stamp.key(), stamp);
    }
  }

  final void apply(LeaseChange change) {
    switch (change) {
      case LeaseChange.Put(Lease lease) -> leases.put(lease.session(), lease);
    }
  }

  final void apply(OutputChange change) {
    switch (change) {
      case OutputChange.Appended(TurnId turn, List<OutputRecord> records) -> {
        outputs.computeIfAbsent(turn, _ -> new ArrayList<>()).addAll(records);
        turns.computeIfPresent(turn, (_, known) -> known.withOutput(records.getLast().seq()));
      }
    }
  }

  @Override
  final void workChanged(WorkerId session) {
    boolean queued = workQueue(session).queuedWork() > 0;
    if (queued || session(session).openTurn() != null || pending(session).findFirst().isPresent()) {
      withWork.add(session);
    } else {
      withWork.remove(session);
    }
  }

  @Override
  public final Session session(WorkerId id) {
    return sessions.getOrDefault(id, Session.initial(id));
  }

  @Override
  public final Optional<Turn> turn(TurnId id) {
    return Optional.ofNullable(turns.get(id));
  }

  @Override
  public final List<Turn> turns(WorkerId session, long afterIndex, int limit) {
    return turnsOfSessions.getOrDefault(session, new TreeMap<>()).tailMap(afterIndex, false).values().stream()
        .limit(limit).map(turns::get).map(Objects::requireNonNull).toList();
  }

  @Override
  public final Optional<Stamp> stamp(Stamp.Key key) {
    return Optional.ofNullable(stamps.get(key));
  }

  @Override
  public final Lease lease(WorkerId session) {
    return leases.getOrDefault(session, new Lease.Free(session, 0));
  }

  @Override
  public final List<OutputRecord> output(TurnId turn, OutputCursor after, int limit) {
    List<OutputRecord> records = outputs.getOrDefault(turn, List.of());
    int low = 0;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).cursor().compareTo(after) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return page(records, low, limit);
  }

  @Override
  public final List<Lease.Held> leases(long after, int limit) {
    return (after < 1 ? leases : leases.tailMap(new WorkerId(after), false)).values().stream()
        .filter(Lease.Held.class::isInstance).map(Lease.Held.class::cast).limit(limit).toList();
  }

  @Override
  public final List<Admission> admissions(TurnId turn) {
    return List.copyOf(admissions.getOrDefault(turn, List.of()));
  }

  @Override
  public final List<WorkerId> workableSessions(Workable which, Instant now, long after, int limit) {
    return (after < 1 ? withWork : withWork.tailSet(new WorkerId(after), false)).stream()
        .filter(id -> isOf(which, worker(id).orElseThrow()))
        .filter(id -> !lease(id).isHeldLiveAt(now))
        .filter(id -> session(id).openTurn() != null || (!which.openOnly() && hasReadyWork(id, now)))
        .limit(limit).toList();
  }

  private static boolean isOf(Workable which, Worker worker) {
    return worker.execution() == which.execution() && (which.owner() == null || which.owner().equals(worker.owner()));
  }

  private boolean hasReadyWork(WorkerId id, Instant now) {
    return worker(id).orElseThrow().status() == WorkerStatus.RUNNING
        && (hasPendingUserInput(id) || !readyBatches(id, now, 0, 1).isEmpty());
  }
}
