package dev.holdfast.domain.workers;

import org.jspecify.annotations.Nullable;

/** What a worker is for. */
public sealed interface WorkerIntent {
  record Assistant(@Nullable String purpose) implements WorkerIntent {}

  record Task(String objective) implements WorkerIntent {}

  record Role(String role, @Nullable String purpose) implements WorkerIntent {}
}
