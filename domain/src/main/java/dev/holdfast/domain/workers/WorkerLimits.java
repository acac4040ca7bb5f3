package dev.holdfast.domain.workers;

/**
 * Limits that the node's configuration sets; they may change at a restart.
 *
 * @param maxWorkers workers of a runtime, whatever their status
 * @param maxInputBytes UTF-8 bytes of one input's content
 * @param maxPendingInputs of one worker
 * @param maxQueuedWork batches of one session that are neither completed nor cancelled
 * @param maxDiagnostics kept in a runtime; the oldest infos go first
 */
public record WorkerLimits(int maxWorkers, int maxInputBytes, int maxPendingInputs, int maxQueuedWork,
    int maxDiagnostics) {
  public static final WorkerLimits DEFAULT = new WorkerLimits(10_000, 1 << 20, 256, 1_024, 10_000);
}
