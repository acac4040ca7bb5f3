package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.tasks.InferenceTask.Attempt;
import dev.holdfast.domain.relay.tasks.InferenceTask.Mode;
import dev.holdfast.domain.relay.tasks.InferenceTask.State;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A task's life as functions (spec relay §4). They are the same for tasks that are kept and for those that live in memory. A
 * task ends once: what comes behind the end finds no such task (spec ).
 */
public final class TaskRules {
  public static final int MAX_CHUNK_BYTES = 256 * 1024;

  private TaskRules() {}

  /** Who posts something about an attempt. */
  public record Poster(String publisher, int epoch) {}

  /** What became of a chunk. */
  public sealed interface Chunk {
    /** It is the next one. */
    record Taken(InferenceTask task) implements Chunk {}

    /** It was taken before. */
    record Known() implements Chunk {}

    /** task_not_found, task_not_streaming, chunk_too_large, or chunk_gap with expected_seq. */
    record Refused(Outcome.Refused<InferenceTask> why) implements Chunk {}
  }

  /** A pending task gets its next attempt; empty when it isn't pending. */
  public static Optional<InferenceTask> claim(
      InferenceTask task, String provider, @Nullable String publisher, Instant now) {
    if (!(task.state() instanceof State.Pending)) {
      return Optional.empty();
    }
    Instant until = task.mode() == Mode.ASYNC ? now.plus(InferenceTask.DEADLINE) : task.deadline();
    return Optional.of(task.claimed(new Attempt(task.epoch() + 1, provider, publisher, now, 0), until));
  }

  /** The publisher has the task. */
  public static Outcome<InferenceTask> received(InferenceTask task, Poster by) {
    return own(task, by).map(TaskRules::running);
  }

  /** @param bytes how large its data are */
  public static Chunk chunk(InferenceTask task, Poster by, long seq, int bytes) {
    Outcome<InferenceTask> own = own(task, by);
    if (own instanceof Outcome.Refused<InferenceTask> refused) {
      return new Chunk.Refused(refused);
    }
    if (!task.streaming()) {
      return new Chunk.Refused(Outcome.refused(Reason.TASK_NOT_STREAMING));
    }
    if (bytes > MAX_CHUNK_BYTES) {
      return new Chunk.Refused(Outcome.refused(Reason.CHUNK_TOO_LARGE));
    }
    InferenceTask running = running(task);
    Attempt attempt = attemptOf(running);
    if (seq < 1) {
      return new Chunk.Refused(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", attempt.lastChunk() + 1));
    }
    if (seq <= attempt.lastChunk()) {
      return new Chunk.Known();
    }
    return seq == attempt.lastChunk() + 1
        ? new Chunk.Taken(running.in(new State.Running(attempt.withChunk(seq))))
        : new Chunk.Refused(Outcome.refused(Reason.CHUNK_GAP, "expected_seq", attempt.lastChunk() + 1));
  }

  /** @param body of the provider's answer; null behind the last chunk of a stream */
  public static Outcome<InferenceTask> complete(
      InferenceTask task, Poster by, int status, @Nullable Json body, Instant now) {
    return own(task, by).map(known -> known.in(new State.Completed(status, body, attemptOf(known), now)));
  }

  /** As {@link #complete}, for an attempt of the node's own. */
  public static InferenceTask complete(InferenceTask task, int status, @Nullable Json body, Instant now) {
    return task.in(new State.Completed(status, body, attemptOf(task), now));
  }

  /** Whether a publisher's post is of the attempt under way; anything else is no task of its. */
  public static Outcome<InferenceTask> own(InferenceTask task, Poster by) {
    Attempt attempt = task.attempt();
    boolean own = attempt != null && attempt.epoch() == by.epoch() && by.publisher().equals(attempt.publisher());
    return own ? new Outcome.Done<>(task) : Outcome.refused(Reason.TASK_NOT_FOUND);
  }

  /**
   * An attempt failed (spec R-22).
   *
   * @param transport whether the provider can't have worked on it, or another one may do better
   * @param others whether another provider may be tried now
   * @param reason what is told where the caller hasn't seen anything of an answer yet
   */
  public static InferenceTask failed(
      InferenceTask task, boolean transport, boolean others, Reason reason, @Nullable String note, Instant now) {
    if (task.tokensSent()) {
      return task.mode() == Mode.TURN && transport
          ? task.pending()
          : task.in(new State.Failed(Reason.UPSTREAM_CUT, note, task.attempt(), now));
    }
    boolean again = transport && (others || task.mode() != Mode.DIRECT);
    return again ? task.pending() : task.in(new State.Failed(reason, note, task.attempt(), now));
  }

  /** The publisher's link is lost, and with it what it was doing. */
  public static InferenceTask linkLost(InferenceTask task, boolean others, Instant now) {
    if (task.attempt() == null) {
      return task;
    }
    if (task.mode() == Mode.ASYNC) {
      return task.pending();
    }
    if (task.mode() == Mode.DIRECT && task.tokensSent()) {
      return task.in(new State.Failed(Reason.PUBLISHER_DISCONNECTED, null, task.attempt(), now));
    }
    return failed(task, true, others, Reason.PUBLISHER_DISCONNECTED, null, now);
  }

  public static InferenceTask cancel(InferenceTask task, Instant now) {
    return task.hasEnded() ? task : task.in(new State.Cancelled(task.attempt(), now));
  }

  /** What time alone does: deadlines, and that nobody waits for ever (spec ). */
  public static InferenceTask at(InferenceTask task, Instant now) {
    if (task.hasEnded()) {
      return task;
    }
    if (task.deadline() != null && !now.isBefore(task.deadline())) {
      return task.in(new State.Failed(Reason.TASK_DEADLINE_EXCEEDED, null, task.attempt(), now));
    }
    boolean forgotten = task.mode() == Mode.ASYNC && task.state() instanceof State.Pending
        && task.enqueuedAt().isBefore(now.minus(InferenceTask.PENDING_AT_MOST));
    return forgotten ? task.in(new State.Failed(Reason.TASK_EXPIRED, null, null, now)) : task;
  }

  /** Whether it ended so long ago that nobody asks for its result any more (spec R-71). */
  public static boolean isForgotten(InferenceTask task, Instant now) {
    Instant ended = task.endedAt();
    return ended != null && ended.isBefore(now.minus(InferenceTask.KEPT));
  }

  /** Nobody said within its time that the attempt has begun, so its link is lost for it (spec R-26). */
  public static boolean isUnheard(InferenceTask task, Instant now) {
    return task.state() instanceof State.Claimed(Attempt attempt) && attempt.publisher() != null
        && !now.isBefore(attempt.claimedAt().plus(InferenceTask.ACK_WITHIN));
  }

  private static InferenceTask running(InferenceTask task) {
    return task.state() instanceof State.Claimed(Attempt attempt) ? task.in(new State.Running(attempt)) : task;
  }

  private static Attempt attemptOf(InferenceTask task) {
    Attempt attempt = task.attempt();
    if (attempt == null) {
      throw new IllegalStateException("the task has no attempt under way");
    }
    return attempt;
  }
}
