package dev.holdfast.domain.relay.tasks;

/** What those are told who follow a kept task (spec R-24). */
public sealed interface TaskEvent {

  /** @param seq dense from 1 in each attempt */
  record Chunk(int epoch, long seq, String data) implements TaskEvent {}

  /** What came before isn't of the answer: another attempt begins. */
  record Restarted(int epoch) implements TaskEvent {}

  /** Chunks are missing; {@code seq} is the next. */
  record Gap(int epoch, long seq) implements TaskEvent {}

  /** The last one. */
  record End(InferenceTask task) implements TaskEvent {}
}
