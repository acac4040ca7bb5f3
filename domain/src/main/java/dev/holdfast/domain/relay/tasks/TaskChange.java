package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.Change;

/** What a unit of work writes about tasks that are kept. */
public sealed interface TaskChange extends Change {
  record Put(InferenceTask task) implements TaskChange {}

  record Deleted(String id) implements TaskChange {}

  /** One call's use, told once (spec R-48). */
  record Used(UsageRecord usage) implements TaskChange {}
}
