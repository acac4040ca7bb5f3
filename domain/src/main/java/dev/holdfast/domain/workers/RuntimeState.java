package dev.holdfast.domain.workers;

import dev.holdfast.domain.RuntimeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's own row: what of it isn't a worker.
 *
 * @param statusEventId the event that told of the present status
 * @param lastWorkerNumber the highest number ever given to a worker, 0 before the first
 */
public record RuntimeState(
    RuntimeId id, @Nullable String displayName, RuntimeLimits limits, RuntimeStatus status, long statusEventId,
    long lastWorkerNumber, WorkerCounts counts, DiagnosticCounts diagnostics, Instant createdAt) {

  /** How many workers have which status. */
  public record WorkerCounts(int running, int stopped, int cancelled, int quarantined) {
    public static final WorkerCounts NONE = new WorkerCounts(0, 0, 0, 0);

    public int total() {
      return running + stopped + cancelled + quarantined;
    }

    WorkerCounts plusRunning() {
      return new WorkerCounts(running + 1, stopped, cancelled, quarantined);
    }

    WorkerCounts ended(WorkerStatus as) {
      return switch (as) {
        case STOPPED -> new WorkerCounts(running - 1, stopped + 1, cancelled, quarantined);
        case CANCELLED -> new WorkerCounts(running - 1, stopped, cancelled + 1, quarantined);
        case QUARANTINED -> new WorkerCounts(running - 1, stopped, cancelled, quarantined + 1);
        case RUNNING -> this;
      };
    }

    WorkerCounts allStopped() {
      return new WorkerCounts(0, stopped + running, cancelled, quarantined);
    }
  }

  /** @param lastId the id of the newest diagnostic, 0 before the first; {@code kept} are still there, the rest dropped */
  public record DiagnosticCounts(long lastId, int kept, long dropped) {
    public static final DiagnosticCounts NONE = new DiagnosticCounts(0, 0, 0);
  }

  /** Every running worker is stopped with it. */
  public RuntimeState stopped(long eventId) {
    return withStatus(RuntimeStatus.STOPPED, eventId, counts.allStopped());
  }

  public RuntimeState started(long eventId) {
    return withStatus(RuntimeStatus.RUNNING, eventId, counts);
  }

  private RuntimeState withStatus(RuntimeStatus changed, long eventId, WorkerCounts workers) {
    return new RuntimeState(id, displayName, limits, changed, eventId, lastWorkerNumber, workers, diagnostics,
        createdAt);
  }

  RuntimeState withWorker(long number) {
    return new RuntimeState(id, displayName, limits, status, statusEventId, number, counts.plusRunning(), diagnostics,
        createdAt);
  }

  /** One running worker of it ended. */
  public RuntimeState withEnded(WorkerStatus as) {
    return new RuntimeState(id, displayName, limits, status, statusEventId, lastWorkerNumber, counts.ended(as),
        diagnostics, createdAt);
  }

  /** As it is where none of its diagnostics came along: all that it ever had count as dropped. */
  public RuntimeState withoutDiagnostics() {
    return withDiagnostics(
        new DiagnosticCounts(diagnostics.lastId(), 0, diagnostics.dropped() + diagnostics.kept()));
  }

  /** Counted anew, where rows were lost. */
  public RuntimeState recounted(WorkerCounts workers, long atLeast, int keptDiagnostics) {
    long last = diagnostics.lastId();
    return new RuntimeState(id, displayName, limits, status, statusEventId, Math.max(lastWorkerNumber, atLeast),
        workers, new DiagnosticCounts(last, keptDiagnostics, last - keptDiagnostics), createdAt);
  }

  RuntimeState withDiagnostics(DiagnosticCounts changed) {
    return new RuntimeState(id, displayName, limits, status, statusEventId, lastWorkerNumber, counts, changed,
        createdAt);
  }
}
