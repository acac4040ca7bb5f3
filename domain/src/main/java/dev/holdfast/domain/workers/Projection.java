package dev.holdfast.domain.workers;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A window on a transcript.
 *
 * @param start zero-based position of the first item asked for
 * @param nextStart where the rest begins, or null when nothing remains
 */
public record Projection(
    long start, int limit, long totalItems, List<TranscriptEntry> items, @Nullable Long nextStart) {
  public Projection {
    items = List.copyOf(items);
  }
}
