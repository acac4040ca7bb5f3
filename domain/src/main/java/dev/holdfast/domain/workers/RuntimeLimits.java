package dev.holdfast.domain.workers;

import dev.holdfast.domain.Texts;

/** Fixed for the life of a runtime. Both limits are item counts of at least 1. */
public record RuntimeLimits(int maxTranscriptProjectionItems, int maxEventBatchItems) {
  public static final RuntimeLimits DEFAULT = new RuntimeLimits(256, 256);

  public RuntimeLimits {
    Texts.requireAtLeast(maxTranscriptProjectionItems, 1, "max_transcript_projection_items");
    Texts.requireAtLeast(maxEventBatchItems, 1, "max_event_batch_items");
  }
}
