package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.retention.Pruned;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how far each prefix goes, some rows at a time, so that nobody waits long for who looks. For one thread at a time.
 */
public final class PruneSurvey {
  /** Of rows that are short. */
  static final int MANY = 256;

  private final PruneRequest request;
  private final List<Pruned> marks = new ArrayList<>();
  private final Deque<Worker> workers = new ArrayDeque<>();
  private final WorkerSurvey.Sums sums = new WorkerSurvey.Sums();
  private Part part = Part.WORKERS;
  private @Nullable WorkerSurvey present;
  private long lastWorker;
  private long events = -1;
  private @Nullable AuditHead audit;
  private long auditRecords;
  private long prunedEvents;
  private long lastDiagnostic;
  private long diagnostics;

  /** In the order in which they are looked at. */
  private enum Part {
    WORKERS,
    EVENTS,
    AUDIT,
    DIAGNOSTICS,
    NONE;

    Part next() {
      return switch (this) {
        case WORKERS -> EVENTS;
        case EVENTS -> AUDIT;
        case AUDIT -> DIAGNOSTICS;
        case DIAGNOSTICS, NONE -> NONE;
      };
    }
  }

  public PruneSurvey(PruneRequest request) {
    this.request = request;
  }

  /**
   * Looks at some rows more.
   *
   * @return whether there is more to look at
   */
  public boolean look(State state) {
    if (audit == null) {
      audit = state.auditAnchor();
      events = state.lastPrunedEvent();
    }
    boolean more = switch (part) {
      case WORKERS -> workers(state);
      case EVENTS -> request.eventsBefore() != null && events(state, request.eventsBefore());
      case AUDIT -> request.auditBefore() != null && audit(state, request.auditBefore());
      case DIAGNOSTICS -> request.diagnosticsBefore() != null && diagnostics(state, request.diagnosticsBefore());
      case NONE -> true;
    };
    if (!more) {
      part = part.next();
    }
    return part != Part.NONE;
  }

  /** How many rows were found so far that are pruned. */
  public long rows() {
    return prunedEvents + auditRecords + diagnostics + sums.rows();
  }

  /** Once there is nothing more to look at. */
  public Prunable found() {
    if (part != Part.NONE || audit == null) {
      throw new IllegalStateException("there is more to look at");
    }
    var counts = new PruneCounts(prunedEvents, sums.entries, sums.records, sums.inputs, sums.batches, 0, auditRecords,
        diagnostics);
    return new Prunable(marks, events, audit, counts);
  }

  private boolean workers(State state) {
    if (!request.isOfWorkers()) {
      return false;
    }
    if (present == null) {
      if (workers.isEmpty()) {
        workers.addAll(state.workers(lastWorker, MANY, null, null));
      }
      Worker next = workers.poll();
      if (next == null) {
        return false;
      }
      lastWorker = next.id().number();
      present = new WorkerSurvey(state, next.id(), request, sums);
    }
    if (!present.look(state)) {
      if (!present.marks().equals(state.pruned(present.marks().worker()))) {
        marks.add(present.marks());
      }
      present = null;
    }
    return true;
  }

  private boolean events(State state, Instant before) {
    var age = new Age(state, before);
    List<Event> page = state.events(events + 1, MANY, null);
    List<Event> old = prefix(page, age::isOver);
    events = old.isEmpty() ? events : old.getLast().id();
    prunedEvents += old.size();
    return goesOn(page, old, MANY);
  }

  private boolean audit(State state, Instant before) {
    var age = new Age(state, before);
    AuditHead from = audit == null ? state.auditAnchor() : audit;
    List<AuditRecord> page = state.audit(from.seq(), MANY, null, null);
    List<AuditRecord> old = prefix(page, age::isOver);
    audit = old.isEmpty() ? from : old.getLast().head();
    auditRecords += old.size();
    return goesOn(page, old, MANY);
  }

  private boolean diagnostics(State state, Instant before) {
    var age = new Age(state, before);
    List<Diagnostic> page = state.diagnostics(lastDiagnostic, MANY, null, null);
    List<Diagnostic> old = prefix(page, age::isOver);
    lastDiagnostic = old.isEmpty() ? lastDiagnostic : old.getLast().id();
    diagnostics += old.size();
    return goesOn(page, old, MANY);
  }

  static <T> List<T> prefix(List<T> page, Predicate<T> isOver) {
    return page.stream().takeWhile(isOver).toList();
  }

  static <T> boolean goesOn(List<T> page, List<T> old, int limit) {
    return page.size() == limit && old.size() == limit;
  }
}
