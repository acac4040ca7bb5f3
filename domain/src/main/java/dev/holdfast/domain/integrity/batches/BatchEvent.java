package dev.holdfast.domain.integrity.batches;

import java.time.Instant;

/** What happens to a batch (spec integrity §6). */
public sealed interface BatchEvent {
  /** Step 4. */
  record ReceiptsDurable(BatchState.Durable durable) implements BatchEvent {}

  /** An exception in step 3 or 4. One in step 2 is none of these: the batch stays as it is (spec I-30). */
  record WritingFailed(String error) implements BatchEvent {}

  /** An exception in step 5 or 6. */
  record ApplyingFailed(String error) implements BatchEvent {}

  /** Step 6: the files are in their places. */
  record Applied(Instant at) implements BatchEvent {}

  /**
   * Steps 5 and 6 are made up for.
   *
   * @param found what was there before
   */
  record RolledForward(BatchFiles found, Instant at) implements BatchEvent {}

  /** What the batch left is in quarantine. */
  record Abandoned() implements BatchEvent {}
}
