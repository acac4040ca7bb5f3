package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The fold over the changes of sessions, leases, turns and output. */
abstract class MemoryTurns extends MemoryInputs implements TurnReads {
  private final Map<WorkerId, Session> sessions = new HashMap<>();
  private final NavigableMap<WorkerId, Lease> leases = new TreeMap<>();
  /** Of each session at most one. */
  private final Map<TurnId, Turn> open = new HashMap<>();
  private final Series<List<OutputRecord>> outputs;
  private final Series<Admission> admissions;

  /** The sessions with an open turn, a pending input or queued work, so that looking for work never meets the idle ones. */
  private final NavigableSet<WorkerId> withWork = new TreeSet<>();

  MemoryTurns(Archive archive) {
    super(archive);
    this.outputs = new Series<>(archive, Table.OUTPUT, change -> ((OutputChange.Appended) change).records());
    this.admissions = new Series<>(archive, Table.ADMISSION, change -> ((TurnChange.Admitted) change).admission());
  }

  final void apply(TurnChange change) {
    switch (change) {
      case TurnChange.SessionPut(Session session) -> {
        sessions.put(session.id(), session);
        workChanged(session.id());
      }
      case TurnChange.Put(Turn turn) -> put(turn, change);
      case TurnChange.CancelPut(TurnId turn, Cancel cancel) ->
        open.computeIfPresent(turn, (_, known) -> known.withCancel(cancel));
      case TurnChange.Admitted(Admission admission) -> admissions.add(admission.turn().number(), change);
      case TurnChange.Stamped(Stamp stamp) -> archive.keep(keyOf(stamp.key()), change);
    }
  }

  @Override
  final void lose(LostUnit unit) {
    super.lose(unit);
    if (unit.worker() != null) {
      workChanged(unit.worker());
    }
  }

  @Override
  final void image(List<Change> rows) {
    super.image(rows);
    sessions.values().forEach(session -> rows.add(new TurnChange.SessionPut(session)));
    leases.values().forEach(lease -> rows.add(new LeaseChange.Put(lease)));
  }

  final List<Turn> openTurns() {
    return List.copyOf(open.values());
  }

  @Override
  final void restore(Image image) {
    super.restore(image);
    image.work().turns().forEach(turn -> open.put(turn.id(), turn));
  }

  private void put(Turn turn, Change change) {
    if (turn(turn.id()).isEmpty()) {
      archive.keep(RowKey.of(Table.TURN_OF_SESSION, turn.session().number(), turn.index()), change);
    }
    if (turn.isOpen()) {
      open.put(turn.id(), turn);
    } else {
      open.remove(turn.id());
      archive.keep(RowKey.of(Table.TURN, turn.id().number()), change);
      finish(turn.id());
    }
  }

  @Override
  final void finish(TurnId turn) {
    super.finish(turn);
    outputs.finish(turn.number());
    admissions.finish(turn.number());
  }

  private static RowKey keyOf(Stamp.Key key) {
    return RowKey.of(Table.STAMP, key.session().number(),
        key.turn().number() + "/" + key.attempt() + "/" + key.commitNo());
  }

  final void apply(LeaseChange change) {
    switch (change) {
      case LeaseChange.Put(Lease lease) -> leases.put(lease.session(), lease);
    }
  }

  final void apply(OutputChange change) {
    switch (change) {
      case OutputChange.Appended(TurnId turn, List<OutputRecord> records) -> {
        outputs.add(turn.number(), change);
        open.computeIfPresent(turn, (_, known) -> known.withOutput(records.getLast().seq()));
      }
    }
  }

  @Override
  final void workChanged(WorkerId session) {
    boolean works = hasWork(workQueue(session)) || session(session).openTurn() != null;
    if (works && !losses.isDamaged(session)) {
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
    Turn found = open.get(id);
    return found != null
        ? Optional.of(found)
        : Optional.ofNullable(archive.find(RowKey.of(Table.TURN, id.number()))).map(MemoryTurns::turn);
  }

  private static Turn turn(Change change) {
    return ((TurnChange.Put) change).turn();
  }

  @Override
  public final List<Turn> turns(WorkerId session, long afterIndex, int limit) {
    List<Turn> page = new ArrayList<>();
    for (long index = afterIndex + 1; page.size() < limit; index++) {
      Change first = archive.find(RowKey.of(Table.TURN_OF_SESSION, session.number(), index));
      if (first == null) {
        break;
      }
      page.add(turn(turn(first).id()).orElseThrow());
    }
    return page;
  }

  @Override
  public final Optional<Stamp> stamp(Stamp.Key key) {
    return Optional.ofNullable(archive.find(keyOf(key))).map(change -> ((TurnChange.Stamped) change).stamp());
  }

  @Override
  public final Lease lease(WorkerId session) {
    return leases.getOrDefault(session, new Lease.Free(session, 0));
  }

  @Override
  public final List<OutputRecord> output(TurnId turn, OutputCursor after, int limit) {
    List<OutputRecord> page = new ArrayList<>();
    if (isAnyPruned() && turn(turn).filter(of -> of.index() <= pruned(of.session()).output()).isPresent()) {
      return page;
    }
    long number = outputs.first(turn.number(), records -> records.getLast().cursor().compareTo(after) <= 0);
    for (; page.size() < limit; number++) {
      List<List<OutputRecord>> appended = outputs.page(turn.number(), number, 1);
      if (appended.isEmpty()) {
        break;
      }
      appended.getFirst().stream().filter(entry -> entry.cursor().compareTo(after) > 0)
          .limit((long) limit - page.size()).forEach(page::add);
    }
    return page;
  }

  @Override
  public final List<Lease.Held> leases(long after, int limit) {
    return (after < 1 ? leases : leases.tailMap(new WorkerId(after), false)).values().stream()
        .filter(lease -> !losses.isDamaged(lease.session()))
        .filter(Lease.Held.class::isInstance).map(Lease.Held.class::cast).limit(limit).toList();
  }

  @Override
  public final List<Admission> admissions(TurnId turn) {
    return admissions.all(turn.number());
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
