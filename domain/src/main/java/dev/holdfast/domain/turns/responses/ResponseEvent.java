package dev.holdfast.domain.turns.responses;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of a response's stream. Events are numbered densely from 0, and each reading of the same response has the same
 * events under the same numbers (spec R-52).
 */
public sealed interface ResponseEvent {
  long sequence();

  record Created(long sequence) implements ResponseEvent {}

  record InProgress(long sequence) implements ResponseEvent {}

  /** An item begins. */
  record ItemAdded(long sequence, ResponseItem item) implements ResponseEvent {}

  record Delta(long sequence, ResponseItem item, String text) implements ResponseEvent {}

  /** Only of items that have parts, which calls of functions have not. */
  record PartAdded(long sequence, ResponseItem item) implements ResponseEvent {}

  record TextDone(long sequence, ResponseItem item) implements ResponseEvent {}

  /** As {@link PartAdded}. */
  record PartDone(long sequence, ResponseItem item) implements ResponseEvent {}

  record ItemDone(long sequence, ResponseItem item) implements ResponseEvent {}

  /**
   * The last event.
   *
   * @param items what stays of the output
   * @param reason why it didn't complete, a code; null where there is nothing to tell
   * @param note the cause in words, or null
   */
  record Ended(long sequence, ResponseStatus status, List<ResponseItem> items, @Nullable String reason,
      @Nullable String note) implements ResponseEvent {
    public Ended {
      items = List.copyOf(items);
    }
  }
}
