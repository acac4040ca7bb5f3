package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventGap;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.UntoldDamage;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerReads;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.retention.Pruned;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fold over the changes of the catalogue and the feed. */
abstract class MemoryCatalogue implements WorkerReads, EventReads {
  private final TreeMap<WorkerId, Worker> workers = new TreeMap<>();
  private final Map<String, NavigableSet<WorkerId>> byOwner = new HashMap<>();
  private final Map<WorkerStatus, NavigableSet<WorkerId>> byStatus = new EnumMap<>(WorkerStatus.class);
  private final TreeMap<Long, Diagnostic> diagnostics = new TreeMap<>();
  private final TreeMap<Long, Diagnostic> infos = new TreeMap<>();
  private final Series<TranscriptEntry> transcripts;
  private final Series<TranscriptEntry> entriesOfTurns;
  private final Series<Event> eventsOfWorkers;
  private final RememberedCalls calls;
  private final Map<WorkerId, Pruned> pruned = new HashMap<>();
  private long lastEventId;
  private long lastPrunedEvent;
  /** What isn't there although it was written. */
  final Losses losses = new Losses();
  private @Nullable RuntimeState runtime;

  final Archive archive;

  MemoryCatalogue(Archive archive) {
    this.archive = archive;
    this.transcripts = new Series<>(archive, Table.ENTRY, MemoryCatalogue::entry);
    this.entriesOfTurns = new Series<>(archive, Table.ENTRY_OF_TURN, MemoryCatalogue::entry);
    this.eventsOfWorkers = new Series<>(archive, Table.EVENT_OF_WORKER, MemoryCatalogue::event);
    this.calls = new RememberedCalls(archive);
  }

  final void apply(WorkerChange change) {
    switch (change) {
      case WorkerChange.RuntimePut(RuntimeState put) -> runtime = put;
      case WorkerChange.Created(Worker worker, _) -> {
        archive.keep(RowKey.of(Table.REQUEST, worker.id().number()), change);
        byOwner.computeIfAbsent(worker.owner(), _ -> new TreeSet<>()).add(worker.id());
        put(worker);
      }
      case WorkerChange.Moved moved -> worker(moved.id()).ifPresent(known -> put(moved.of(known)));
      case WorkerChange.AllStopped() -> List.copyOf(withStatus(WorkerStatus.RUNNING)).stream()
          .map(workers::get).map(Objects::requireNonNull)
          .forEach(worker -> put(worker.ended(WorkerStatus.STOPPED, worker.lastEventId())));
      case WorkerChange.EntryAppended(TranscriptEntry entry) -> append(entry, change);
      case WorkerChange.KeyRemembered remember -> calls.keep(remember);
      case WorkerChange.DiagnosticAdded(Diagnostic diagnostic) -> {
        diagnostics.put(diagnostic.id(), diagnostic);
        losses.tell(diagnostic);
        if (diagnostic.severity() == Diagnostic.Severity.INFO) {
          infos.put(diagnostic.id(), diagnostic);
        }
      }
      case WorkerChange.DiagnosticDropped(long id) -> {
        diagnostics.remove(id);
        infos.remove(id);
      }
      case WorkerChange.PrunedPut(Pruned marks) -> {
        pruned.put(marks.worker(), marks);
        transcripts.skip(marks.worker().number(), marks.transcript());
      }
    }
  }

  final void apply(EventChange change) {
    switch (change) {
      case EventChange.Appended(Event event) -> {
        lastEventId = event.id();
        losses.tell(event);
        archive.keep(RowKey.of(Table.EVENT, event.id()), change);
        if (event.worker() != null) {
          eventsOfWorkers.add(event.worker().number(), change);
        }
      }
      case EventChange.Pruned(long upTo) -> {
        lastPrunedEvent = upTo;
        lastEventId = Math.max(lastEventId, upTo);
      }
    }
  }

  /** @param change that the entry is read from: its own, or that of the input which it is */
  final void append(TranscriptEntry entry, Change change) {
    transcripts.add(entry.worker().number(), change);
    if (entry.origin() instanceof TranscriptEntry.Origin.FromTurn(TurnId turn, _, _)) {
      entriesOfTurns.add(turn.number(), change);
    }
    if (change instanceof WorkerChange.EntryAppended
        && entry.origin() instanceof TranscriptEntry.Origin.FromInput(InputId input)) {
      // All that is left of an input that is forgotten.
      archive.keep(RowKey.of(Table.INPUT, input.number()), change);
    }
  }

  /** Nothing more is appended for that turn. */
  void finish(TurnId turn) {
    entriesOfTurns.finish(turn.number());
  }

  static TranscriptEntry entry(Change change) {
    return change instanceof InputChange.Accepted(Input input)
        ? input.entry()
        : ((WorkerChange.EntryAppended) change).entry();
  }

  private static Event event(Change change) {
    return ((EventChange.Appended) change).event();
  }

  final List<Worker> allWorkers() {
    return List.copyOf(workers.values());
  }

  /** The rows of it that are no history. */
  void image(List<Change> rows) {
    if (runtime != null) {
      rows.add(new WorkerChange.RuntimePut(runtime));
    }
    diagnostics.values().forEach(diagnostic -> rows.add(new WorkerChange.DiagnosticAdded(diagnostic)));
    pruned.values().forEach(marks -> rows.add(new WorkerChange.PrunedPut(marks)));
    if (lastPrunedEvent > 0) {
      rows.add(new EventChange.Pruned(lastPrunedEvent));
    }
  }

  /** Of the series that workers have. */
  void lengths(List<Image.Lengths> all) {
    all.add(transcripts.lengths());
    all.add(eventsOfWorkers.lengths());
  }

  /** All but its rows. */
  void restore(Image image) {
    transcripts.restore(image.lengths());
    eventsOfWorkers.restore(image.lengths());
    lastEventId = image.lastEventId();
    for (Worker worker : image.workers()) {
      byOwner.computeIfAbsent(worker.owner(), _ -> new TreeSet<>()).add(worker.id());
      put(worker);
    }
  }

  /** Its worker is quarantined from here on; of one whose making was lost nothing is known but that it was there. */
  void lose(LostUnit unit) {
    lastEventId += unit.events();
    losses.add(unit);
    WorkerId id = unit.worker();
    if (id != null) {
      put(worker(id).orElseGet(() -> LostWorker.of(id, lastEventId, runtime)).ended(WorkerStatus.QUARANTINED,
          worker(id).map(Worker::lastEventId).orElse(lastEventId)));
    }
  }

  /** The runtime's counts are of rows that are there; to be called when units were lost, and when one came back. */
  final void recount() {
    if (runtime != null && !losses.isNone()) {
      var counts = new RuntimeState.WorkerCounts(withStatus(WorkerStatus.RUNNING).size(),
          withStatus(WorkerStatus.STOPPED).size(), withStatus(WorkerStatus.CANCELLED).size(),
          withStatus(WorkerStatus.QUARANTINED).size());
      runtime = runtime.recounted(counts, losses.lastWorker(), diagnostics.size());
    }
  }

  @Override
  public final UntoldDamage untoldDamage() {
    return losses.untold();
  }

  @Override
  public final List<EventGap> gaps(long fromId, @Nullable WorkerId worker) {
    List<EventGap> gaps = new ArrayList<>();
    if (lastPrunedEvent >= fromId) {
      gaps.add(new EventGap(1, lastPrunedEvent, EventGap.Why.PRUNED));
    }
    losses.gaps(Math.max(fromId, lastPrunedEvent + 1), worker).forEach(lost -> gaps.add(
        lost.fromId() > lastPrunedEvent ? lost : new EventGap(lastPrunedEvent + 1, lost.toId(), lost.why())));
    return gaps;
  }

  private void put(Worker worker) {
    Worker before = workers.put(worker.id(), worker);
    if (before != null && before.status() == worker.status()) {
      return;
    }
    if (before != null) {
      withStatus(before.status()).remove(worker.id());
    }
    withStatus(worker.status()).add(worker.id());
  }

  private NavigableSet<WorkerId> withStatus(WorkerStatus status) {
    return byStatus.computeIfAbsent(status, _ -> new TreeSet<>());
  }

  @Override
  public final Optional<RuntimeState> runtime() {
    return Optional.ofNullable(runtime);
  }

  @Override
  public final Optional<Worker> worker(WorkerId id) {
    return Optional.ofNullable(workers.get(id));
  }

  @Override
  public final Optional<CreateWorker> request(WorkerId id) {
    return Optional.ofNullable(archive.find(RowKey.of(Table.REQUEST, id.number())))
        .map(change -> ((WorkerChange.Created) change).request())
        .or(() -> losses.isDamaged(id) ? Optional.of(LostWorker.REQUEST) : Optional.empty());
  }

  @Override
  public final List<Worker> workers(
      long after, int limit, @Nullable WorkerStatus status, @Nullable String owner) {
    NavigableSet<WorkerId> candidates = workers.navigableKeySet();
    if (owner != null) {
      candidates = byOwner.getOrDefault(owner, new TreeSet<>());
    } else if (status != null) {
      candidates = withStatus(status);
    }
    Collection<WorkerId> behind = after < 1 ? candidates : candidates.tailSet(new WorkerId(after), false);
    return behind.stream().map(workers::get).map(Objects::requireNonNull)
        .filter(worker -> status == null || worker.status() == status)
        .limit(limit).toList();
  }

  @Override
  public final List<TranscriptEntry> transcript(WorkerId id, long start, int limit) {
    long first = Math.max(start, pruned(id).transcript());
    return first < transcriptLength(id) ? transcripts.page(id.number(), first + 1, limit) : List.of();
  }

  final long transcriptLength(WorkerId id) {
    return transcripts.length(id.number());
  }

  /** As {@code TurnReads} has it; the entries are kept with the transcript. */
  public final List<TranscriptEntry> entriesOf(TurnId turn) {
    return entriesOfTurns.all(turn.number()).stream()
        .filter(entry -> entry.sequence() > pruned(entry.worker()).transcript()).toList();
  }

  final boolean isAnyPruned() {
    return !pruned.isEmpty();
  }

  @Override
  public final Pruned pruned(WorkerId id) {
    return pruned.getOrDefault(id, Pruned.nothing(id));
  }

  @Override
  public final Optional<Remembered> remembered(String scope, String key) {
    return calls.find(scope, key);
  }

  @Override
  public final List<Remembered> remembered(String afterScope, String afterKey, int limit) {
    return calls.page(afterScope, afterKey, limit);
  }

  @Override
  public final List<Diagnostic> diagnostics(
      long after, int limit, Diagnostic.@Nullable Severity severity, @Nullable WorkerId worker) {
    TreeMap<Long, Diagnostic> candidates = severity == Diagnostic.Severity.INFO ? infos : diagnostics;
    return candidates.tailMap(after, false).values().stream()
        .filter(diagnostic -> severity == null || diagnostic.severity() == severity)
        .filter(diagnostic -> worker == null || worker.equals(diagnostic.worker()))
        .limit(limit).toList();
  }

  @Override
  public final List<Diagnostic> droppableDiagnostics(int limit) {
    List<Diagnostic> found = new ArrayList<>(infos.values().stream().limit(limit).toList());
    if (found.size() < limit) {
      diagnostics.values().stream().filter(diagnostic -> diagnostic.severity() != Diagnostic.Severity.INFO)
          .limit((long) limit - found.size()).forEach(found::add);
    }
    return found;
  }

  @Override
  public final long lastEventId() {
    return lastEventId;
  }

  @Override
  public final long lastPrunedEvent() {
    return lastPrunedEvent;
  }

  @Override
  public final List<Event> events(long fromId, int limit, @Nullable WorkerId worker) {
    long from = Math.max(fromId, lastPrunedEvent + 1);
    if (worker != null) {
      long first = eventsOfWorkers.first(worker.number(), event -> event.id() < from);
      return eventsOfWorkers.page(worker.number(), first, limit);
    }
    List<Event> page = new ArrayList<>();
    for (long id = from; id <= lastEventId && page.size() < limit; id++) {
      Change found = archive.find(RowKey.of(Table.EVENT, id));
      if (found != null || !losses.isLost(id)) {
        page.add(event(Objects.requireNonNull(found)));
      }
    }
    return page;
  }
}
