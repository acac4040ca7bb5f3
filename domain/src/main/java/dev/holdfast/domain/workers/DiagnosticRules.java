package dev.holdfast.domain.workers;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.events.UntoldDamage;
import dev.holdfast.domain.workers.RuntimeState.DiagnosticCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Diagnostics are bounded: a new one takes the place of the oldest info, else of the oldest (spec W-60). */
public final class DiagnosticRules {
  private DiagnosticRules() {}

  /** Collects the diagnostics of one unit of work. At most one may be dropped for each that is added. */
  static final class Adding {
    private final WorkerReads state;
    private final int max;
    private final List<WorkerChange> changes = new ArrayList<>();
    private RuntimeState runtime;

    Adding(WorkerReads state, RuntimeState runtime, int max) {
      this.state = state;
      this.runtime = runtime;
      this.max = max;
    }

    void add(Diagnostic.Code code, String note, @Nullable WorkerId worker, Instant now) {
      DiagnosticCounts counts = runtime.diagnostics();
      long id = counts.lastId() + 1;
      changes.add(new WorkerChange.DiagnosticAdded(new Diagnostic(id, now, code.severity(), code, note, worker)));
      runtime = runtime.withDiagnostics(new DiagnosticCounts(id, counts.kept() + 1, counts.dropped()));
    }

    List<WorkerChange> changes() {
      dropOverflow();
      return changes;
    }

    RuntimeState runtime() {
      return runtime;
    }

    private void dropOverflow() {
      int over = runtime.diagnostics().kept() - max;
      if (over <= 0) {
        return;
      }
      List<Diagnostic> oldest = state.droppableDiagnostics(over);
      for (Diagnostic old : oldest) {
        changes.add(new WorkerChange.DiagnosticDropped(old.id()));
      }
      DiagnosticCounts counts = runtime.diagnostics();
      runtime = runtime.withDiagnostics(new DiagnosticCounts(counts.lastId(), counts.kept() - oldest.size(),
          counts.dropped() + oldest.size()));
    }
  }

  /** Some that are there are dropped. */
  public static List<WorkerChange> drop(WorkerReads state, List<Long> ids) {
    RuntimeState runtime = state.runtime().orElseThrow();
    DiagnosticCounts counts = runtime.diagnostics();
    List<WorkerChange> changes = new ArrayList<>();
    ids.forEach(id -> changes.add(new WorkerChange.DiagnosticDropped(id)));
    changes.add(new WorkerChange.RuntimePut(runtime.withDiagnostics(new DiagnosticCounts(counts.lastId(),
        counts.kept() - ids.size(), counts.dropped() + ids.size()))));
    return changes;
  }

  /** A diagnostic of the runtime, in a unit of work of its own. */
  public static List<WorkerChange> note(
      WorkerReads state, Diagnostic.Code code, String note, int max, Instant now) {
    var adding = new Adding(state, state.runtime().orElseThrow(), max);
    adding.add(code, note, null, now);
    List<WorkerChange> changes = new ArrayList<>(adding.changes());
    changes.add(new WorkerChange.RuntimePut(adding.runtime()));
    return changes;
  }

  /**
   * Makes events and diagnostics of what the store found out: damage of one worker's data never stops the others, and is told
   * as its end is (spec W-9). The worker's status needs no change: a store that leaves out
   * what is damaged shows it as quarantined, and as what its data say once they are whole.
   *
   * @param maxDiagnostics that are kept
   * @return what is told now; nothing, without a change, when all was told before
   */
  public static <S extends WorkerReads & EventReads> Decision<UntoldDamage> tellDamage(
      S state, int maxDiagnostics, Instant now) {
    UntoldDamage untold = state.untoldDamage();
    if (untold.isNone()) {
      return Decision.unchanged(untold);
    }
    var events = new NewEvents(state, now, null);
    var diagnostics = new Adding(state, state.runtime().orElseThrow(), maxDiagnostics);
    untold.cut().forEach(evidence -> diagnostics.add(Diagnostic.Code.LOG_TAIL_TRUNCATED,
        "the journal's end was torn and is cut; its bytes are in quarantine as " + evidence, null, now));
    for (WorkerId worker : untold.damaged()) {
      events.add(worker, EventName.WORKER_QUARANTINED, Json.EMPTY_OBJECT);
      diagnostics.add(Diagnostic.Code.WORKER_SNAPSHOT_IGNORED, "its data are damaged, so it is quarantined", worker,
          now);
    }
    untold.gaps().forEach(gap -> diagnostics.add(Diagnostic.Code.EVENT_RANGE_DAMAGED,
        "events " + gap.fromId() + " to " + gap.toId() + " are lost", null, now));
    List<Change> changes = new ArrayList<>();
    for (WorkerId worker : untold.whole()) {
      long event = events.add(worker, EventName.WORKER_RECOVERED, Json.EMPTY_OBJECT, null);
      state.worker(worker).ifPresent(known -> changes.add(new WorkerChange.Moved(known.at(event))));
    }
    changes.addAll(diagnostics.changes());
    changes.add(new WorkerChange.RuntimePut(diagnostics.runtime()));
    changes.addAll(events.changes());
    return Decision.done(untold, changes);
  }
}
