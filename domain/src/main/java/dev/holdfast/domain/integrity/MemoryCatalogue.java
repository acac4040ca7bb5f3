package dev.holdfast.domain.integrity;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerReads;
import dev.holdfast.domain.workers.WorkerStatus;
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
  private final Map<WorkerId, CreateWorker> requests = new HashMap<>();
  private final Map<String, NavigableSet<WorkerId>> byOwner = new HashMap<>();
  private final Map<WorkerStatus, NavigableSet<WorkerId>> byStatus = new EnumMap<>(WorkerStatus.class);
  private final Map<WorkerId, List<TranscriptEntry>> transcripts = new HashMap<>();
  private final Map<TurnId, List<TranscriptEntry>> entriesOfTurns = new HashMap<>();
  private final Map<List<String>, Remembered> remembered = new HashMap<>();
  private final TreeMap<Long, Diagnostic> diagnostics = new TreeMap<>();
  private final TreeMap<Long, Diagnostic> infos = new TreeMap<>();
  private final List<Event> events = new ArrayList<>();
  private final Map<WorkerId, List<Event>> eventsOfWorkers = new HashMap<>();
  private @Nullable RuntimeState runtime;

  final void apply(WorkerChange change) {
    switch (change) {
      case WorkerChange.RuntimePut(RuntimeState put) -> runtime = put;
      case WorkerChange.Created(Worker worker, CreateWorker request) -> {
        requests.put(worker.id(), request);
        byOwner.computeIfAbsent(worker.owner(), _ -> new TreeSet<>()).add(worker.id());
        put(worker);
      }
      case WorkerChange.Moved moved -> worker(moved.id()).ifPresent(known -> put(moved.of(known)));
      case WorkerChange.AllStopped() -> List.copyOf(withStatus(WorkerStatus.RUNNING)).stream()
          .map(workers::get).map(Objects::requireNonNull)
          .forEach(worker -> put(worker.ended(WorkerStatus.STOPPED, worker.lastEventId())));
      case WorkerChange.EntryAppended(TranscriptEntry entry) -> append(entry);
      case WorkerChange.KeyRemembered(Remembered record) ->
        remembered.put(List.of(record.scope(), record.key()), record);
      case WorkerChange.DiagnosticAdded(Diagnostic diagnostic) -> {
        diagnostics.put(diagnostic.id(), diagnostic);
        if (diagnostic.severity() == Diagnostic.Severity.INFO) {
          infos.put(diagnostic.id(), diagnostic);
        }
      }
      case WorkerChange.DiagnosticDropped(long id) -> {
        diagnostics.remove(id);
        infos.remove(id);
      }
    }
  }

  final void apply(EventChange change) {
    switch (change) {
      case EventChange.Appended(Event event) -> {
        events.add(event);
        if (event.worker() != null) {
          eventsOfWorkers.computeIfAbsent(event.worker(), _ -> new ArrayList<>()).add(event);
        }
      }
    }
  }

  /** An entry of an input shares the input's content. */
  final void append(TranscriptEntry entry) {
    transcripts.computeIfAbsent(entry.worker(), _ -> new ArrayList<>()).add(entry);
    if (entry.origin() instanceof TranscriptEntry.Origin.FromTurn(TurnId turn, _, _)) {
      entriesOfTurns.computeIfAbsent(turn, _ -> new ArrayList<>()).add(entry);
    }
  }

  private void put(Worker worker) {
    Worker before = workers.put(worker.id(), worker);
    if (before != null && before.status() != worker.status()) {
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
    return Optional.ofNullable(requests.get(id));
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
    return page(transcripts.getOrDefault(id, List.of()), start, limit);
  }

  final int transcriptLength(WorkerId id) {
    return transcripts.getOrDefault(id, List.of()).size();
  }

  /** As {@code TurnReads} has it; the entries are kept with the transcript. */
  public final List<TranscriptEntry> entriesOf(TurnId turn) {
    return List.copyOf(entriesOfTurns.getOrDefault(turn, List.of()));
  }

  @Override
  public final Optional<Remembered> remembered(String scope, String key) {
    return Optional.ofNullable(remembered.get(List.of(scope, key)));
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
    return events.size();
  }

  @Override
  public final List<Event> events(long fromId, int limit, @Nullable WorkerId worker) {
    if (worker == null) {
      return page(events, fromId - 1, limit);
    }
    List<Event> own = eventsOfWorkers.getOrDefault(worker, List.of());
    return page(own, firstAtOrBehind(own, fromId), limit);
  }

  private static int firstAtOrBehind(List<Event> events, long id) {
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (events.get(middle).id() < id) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** A copy, because the list grows. */
  static <T> List<T> page(List<T> all, long start, int limit) {
    if (start >= all.size() || limit < 1) {
      return List.of();
    }
    int from = (int) start;
    return List.copyOf(all.subList(from, (int) Math.min(all.size(), (long) from + limit)));
  }
}
