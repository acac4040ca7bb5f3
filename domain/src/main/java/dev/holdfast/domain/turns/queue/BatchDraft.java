package dev.holdfast.domain.turns.queue;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queued work as it is submitted.
 *
 * @param delivery null for the standard of its class
 * @param availableAt null for at once
 * @param sourceKey the caller's {@code Idempotency-Key}; a wake without one has
 *     {@code wake:<origin>:<origin_sequence>}
 */
public record BatchDraft(
    List<Payload> items, @Nullable Delivery delivery, @Nullable Instant availableAt, @Nullable String sourceKey) {
  public BatchDraft {
    items = List.copyOf(items);
  }

  public static BatchDraft of(Payload item) {
    return new BatchDraft(List.of(item), null, null, null);
  }

  /** The key under which a repetition of the draft is known. */
  @Nullable
  String effectiveKey() {
    if (sourceKey != null || items.isEmpty()) {
      return sourceKey;
    }
    return items.getFirst() instanceof Payload.Wake wake
        ? "wake:" + Payload.Wake.defaultKey(wake.origin(), wake.originSequence())
        : null;
  }

  /** Empty when the items aren't of one class. */
  @Nullable
  WorkClass workClass() {
    List<WorkClass> classes = items.stream().map(Payload::workClass).distinct().toList();
    return classes.size() == 1 ? classes.getFirst() : null;
  }
}
