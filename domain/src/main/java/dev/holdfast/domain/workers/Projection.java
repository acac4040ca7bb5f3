package dev.holdfast.domain.workers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window on a transcript.
 *
 * @param start zero-based position of the first item asked for
 * @param totalItems with those that were pruned, whose positions stay theirs
 * @param firstStart the position of the first entry that is left, where some were pruned; else null
 * @param nextStart where the rest begins, or null when nothing remains
 */
public record Projection(
    long start, int limit, long totalItems, List<TranscriptEntry> items, @Nullable Long nextStart,
    @Nullable Long firstStart) {
  public Projection {
    items = List.copyOf(items);
  }
}
