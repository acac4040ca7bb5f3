package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputKind;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Inserts;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.pruning.PrunedMarks;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state as the writer sees it. As nobody else writes, it keeps the rows that most units of work look at in memory: the
 * last event id, the runtime, the audit's head, and the heads and turns that were used last. A head that changed is written once for all the
 * units of a group. After a rollback everything is forgotten.
 */
final class WriterState extends StateRows {
  private static final int CACHED = 4_096;

  private final Map<WorkerId, Head> heads = bounded();
  private final Map<TurnId, Turn> turns = bounded();
  private final OpenInputs openInputs = new OpenInputs();
  /** Heads that differ from their rows, with the row as it is; they leave the cache only when written. */
  private final Map<WorkerId, Head> rowsOfChanged = new HashMap<>();
  /** Rows that no unit of work changes later; they are written together, before the commit and before any look at rows. */
  final Inserts events = new Inserts("event", "id, worker, name, at, actor, data, note");
  final Inserts entries =
      new Inserts("entry", "worker, seq, role, event_id, at, turn, attempt, commit_no, status, content");
  final Inserts output = new Inserts("output", "turn, attempt, last_seq, first_seq, at, records");
  final Inserts stamps = new Inserts("stamp",
      "turn, attempt, commit_no, worker, hash, head_revision, event_id, sequences, checkpoint, last_output_seq");
  private final List<Inserts> gathered = List.of(events, entries, output, stamps);
  private long lastEventId = -1;
  private @Nullable RuntimeState runtime;
  private @Nullable AuditHead auditHead;
  private boolean auditHeadChanged;
  final PrunedMarks marks;

  WriterState(Sql sql) {
    super(sql);
    this.marks = new PrunedMarks(sql);
    sql.beforeEveryQuery(this::writeGathered);
  }

  private void writeGathered() {
    gathered.forEach(rows -> rows.flush(sql));
  }

  private <K, V> Map<K, V> bounded() {
    return new LinkedHashMap<>(256, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > CACHED && !rowsOfChanged.containsKey(eldest.getKey());
      }
    };
  }

  void apply(List<Change> changes) {
    for (Change change : changes) {
      Writes.apply(this, change);
    }
  }

  @Override
  Optional<Head> head(WorkerId id) {
    Head cached = heads.get(id);
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<Head> read = super.head(id);
    read.ifPresent(head -> heads.put(id, head));
    return read;
  }

  void created(Head head) {
    head.insert(sql);
    heads.put(head.worker().id(), head);
  }

  void put(Head head) {
    WorkerId id = head.worker().id();
    rowsOfChanged.putIfAbsent(id, head(id).orElseThrow());
    heads.put(id, head);
  }

  @Override
  void beforeHeadQuery() {
    flush();
  }

  /** Writes what was gathered and the heads that changed. */
  void flush() {
    writeGathered();
    if (auditHeadChanged) {
      AccessRows.put(sql, auditHead());
      auditHeadChanged = false;
    }
    rowsOfChanged.forEach((id, before) -> Objects.requireNonNull(heads.get(id)).update(sql, before));
    rowsOfChanged.clear();
  }

  @Override
  public Optional<Input> input(InputId id) {
    return openInputs.input(id).or(() -> super.input(id));
  }

  @Override
  public Optional<TranscriptEntry> entryOf(InputId id) {
    return openInputs.input(id).map(Input::entry).or(() -> super.entryOf(id));
  }

  private Optional<List<Input>> waiting(WorkerId session) {
    int pending = workQueue(session).pendingInputs();
    return pending == 0 ? Optional.of(List.of()) : openInputs.waiting(session, pending);
  }

  private List<Input> read(List<Input> inputs) {
    inputs.forEach(openInputs::put);
    return inputs;
  }

  @Override
  public boolean hasPendingUserInput(WorkerId session) {
    return waiting(session).map(inputs -> inputs.stream().anyMatch(
        input -> input.kind() == InputKind.USER && input.state() instanceof InputState.Deferred))
        .orElseGet(() -> super.hasPendingUserInput(session));
  }

  @Override
  public List<Input> nextTurnInputs(WorkerId session, int limit) {
    return waiting(session).map(inputs -> inputs.stream()
        .filter(input -> input.state() instanceof InputState.Deferred).limit(limit).toList())
        .orElseGet(() -> read(super.nextTurnInputs(session, limit)));
  }

  @Override
  public List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return waiting(session).map(inputs -> inputs.stream()
        .filter(input -> input.state() instanceof InputState.Pending(TurnId of, Boundary earliest) && of.equals(turn)
            && earliest.admitsAt(checkpoint))
        .limit(limit).toList())
        .orElseGet(() -> read(super.activeInputs(session, turn, checkpoint, limit)));
  }

  @Override
  public List<Input> heldInputs(WorkerId session) {
    return openInputs.held(session).orElseGet(() -> {
      List<Input> held = super.heldInputs(session);
      openInputs.putHeld(session, held);
      return held;
    });
  }

  /** Inputs of the session were changed in bulk, or of all when null. */
  void forgetInputs(@Nullable WorkerId session) {
    if (session == null) {
      openInputs.clear();
    } else {
      openInputs.forget(session);
    }
  }

  void put(Input input) {
    openInputs.put(input);
  }

  void move(InputId input, WorkerId session, InputState next) {
    openInputs.move(input, session, next);
  }

  /** Rows were changed in bulk. */
  void forgetHeads() {
    flush();
    heads.clear();
  }

  /** Nothing of the present transaction came to be. */
  void forgetAll() {
    gathered.forEach(Inserts::clear);
    rowsOfChanged.clear();
    heads.clear();
    turns.clear();
    openInputs.clear();
    lastEventId = -1;
    runtime = null;
    auditHead = null;
    auditHeadChanged = false;
    marks.forget();
  }

  @Override
  public Pruned pruned(WorkerId id) {
    return marks.of(id);
  }

  @Override
  PrunedRows.OfRuntime prunedOfRuntime() {
    return marks.ofRuntime();
  }

  @Override
  public long lastEventId() {
    if (lastEventId < 0) {
      lastEventId = super.lastEventId();
    }
    return lastEventId;
  }

  void lastEventId(long id) {
    lastEventId = id;
  }

  @Override
  public AuditHead auditHead() {
    if (auditHead == null) {
      AuditHead kept = super.auditHead();
      AuditHead last = AccessRows.lastRecord(sql);
      // A head that somebody has set back must not keep the node from writing; that it was, the audit's check will tell.
      auditHead = last.seq() > kept.seq() ? last : kept;
    }
    return auditHead;
  }

  void put(AuditHead head) {
    auditHead = head;
    auditHeadChanged = true;
  }

  @Override
  public Optional<RuntimeState> runtime() {
    if (runtime == null) {
      runtime = super.runtime().orElse(null);
    }
    return Optional.ofNullable(runtime);
  }

  void put(RuntimeState changed) {
    runtime = changed;
  }

  @Override
  public Optional<Turn> turn(TurnId id) {
    Turn cached = turns.get(id);
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<Turn> read = super.turn(id);
    read.filter(Turn::isOpen).ifPresent(turn -> turns.put(id, turn));
    return read;
  }

  /** While a turn is open nothing has ended it, and its attempt has made no more commits than the turn says. */
  @Override
  public Optional<Stamp> stamp(Stamp.Key key) {
    Turn turn = turns.get(key.turn());
    boolean none = turn != null && turn.isOpen() && (key.equals(Stamp.Key.terminal(turn.session(), turn.id()))
        || (key.attempt() == turn.lastAttempt().number() && key.commitNo() > turn.lastAttempt().commits()));
    return none ? Optional.empty() : super.stamp(key);
  }

  /** A change that isn't written with the turn's other members. */
  void changeCached(TurnId id, UnaryOperator<Turn> change) {
    turns.computeIfPresent(id, (_, known) -> change.apply(known));
  }

  void put(Turn turn) {
    if (turns.containsKey(turn.id())) {
      TurnTexts.update(sql, turn);
    } else {
      TurnTexts.put(sql, turn);
    }
    if (turn.isOpen()) {
      turns.put(turn.id(), turn);
    } else {
      turns.remove(turn.id());
    }
  }
}
