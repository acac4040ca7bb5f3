package dev.holdfast.domain.workers;

import dev.holdfast.domain.WorkerId;
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

  /** A diagnostic of the runtime, in a unit of work of its own. */
  public static List<WorkerChange> note(
      WorkerReads state, Diagnostic.Code code, String note, int max, Instant now) {
    var adding = new Adding(state, state.runtime().orElseThrow(), max);
    adding.add(code, note, null, now);
    List<WorkerChange> changes = new ArrayList<>(adding.changes());
    changes.add(new WorkerChange.RuntimePut(adding.runtime()));
    return changes;
  }
}
