package dev.holdfast.domain.workers;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits that the node's configuration sets; they may change at a restart.
 *
 * @param maxWorkers workers of a runtime, whatever their status
 * @param maxInputBytes UTF-8 bytes of one input's content, and of a text of queued work
 * @param maxPendingInputs of one worker
 * @param maxQueuedWork batches of one session that are neither completed nor cancelled
 * @param maxDiagnostics kept in a runtime; the oldest infos go first
 */
public record WorkerLimits(int maxWorkers, int maxInputBytes, int maxPendingInputs, int maxQueuedWork,
    int maxDiagnostics) {
  public static final WorkerLimits DEFAULT = new WorkerLimits(10_000, 1 << 20, 256, 1_024, 10_000);

  /**
   * A text that is brought to a worker, an input's content or a text of queued work, says something, and not too much.
   *
   * @param member of the request, which holds the text
   * @return invalid_request or input_too_large {requested, max}; null for a text that may be brought
   */
  public Outcome.@Nullable Refused<?> refusalOfText(String member, String text) {
    if (text.isBlank()) {
      return Outcome.invalid(member);
    }
    // No text has fewer bytes than characters, so a long one needs no encoding to be refused.
    int bytes = text.length() > (1 << 28) ? Integer.MAX_VALUE : text.getBytes(StandardCharsets.UTF_8).length;
    return bytes > maxInputBytes
        ? new Outcome.Refused<>(Reason.INPUT_TOO_LARGE, Map.of("requested", bytes, "max", maxInputBytes))
        : null;
  }
}
