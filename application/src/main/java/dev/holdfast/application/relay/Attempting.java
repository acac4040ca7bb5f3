package dev.holdfast.application.relay;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.publishing.AttemptPost.Chunk;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import dev.holdfast.domain.relay.tasks.TaskRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A task whose attempt a publisher works on: what it posts comes in on one side, and whoever waits for the answer takes it out
 * on the other. Between them is a bounded room; when it is full the publisher's post waits (spec R-47).
 */
final class Attempting {
  private static final int MAX_CHUNKS = 256;
  private static final long MAX_BYTES = 1 << 20;
  private static final Duration HELD = Duration.ofSeconds(5);

  /** A chunk that waits for its reader. */
  private record Kept(String data, int size) {}

  private final @Nullable Link over;
  private final Consumer<InferenceTask> told;
  // All guarded by this.
  private final Queue<Kept> chunks = new ArrayDeque<>();
  private InferenceTask task;
  private long bytes;
  private boolean ended;
  private boolean linkLost;
  private boolean left;
  private @Nullable Predicate<String> taker;
  private @Nullable ProviderAnswer answer;
  private AnswerStream.@Nullable Piece broken;

  /**
   * @param claimed a task whose attempt a publisher was given
   * @param over the link over which the publisher is told of it; null where it has none
   * @param told of the task when the attempt has ended, before whoever ended it is answered
   */
  Attempting(InferenceTask claimed, @Nullable Link over, Consumer<InferenceTask> told) {
    this.task = claimed;
    this.over = over;
    this.told = told;
  }

  synchronized InferenceTask task() {
    return task;
  }

  synchronized Outcome<InferenceTask> received(TaskRules.Poster by) {
    return kept(TaskRules.received(task, by));
  }

  private synchronized Outcome<InferenceTask> own(TaskRules.Poster by) {
    return TaskRules.own(task, by);
  }

  /**
   * Takes chunks in their order. Waits while the reader is behind, and ends the task when it stays behind for too long.
   *
   * @return the task after them, or why the first that isn't taken isn't
   */
  Outcome<InferenceTask> chunks(TaskRules.Poster by, List<Chunk> posted, Instant now) throws InterruptedException {
    Outcome<InferenceTask> outcome = own(by);
    if (outcome instanceof Outcome.Refused<InferenceTask>) {
      return outcome;
    }
    for (Chunk chunk : posted) {
      outcome = chunk(by, chunk, now);
      if (outcome instanceof Outcome.Refused<InferenceTask>) {
        return outcome;
      }
    }
    return outcome;
  }

  private synchronized Outcome<InferenceTask> chunk(TaskRules.Poster by, Chunk chunk, Instant now)
      throws InterruptedException {
    int size = chunk.data().getBytes(StandardCharsets.UTF_8).length;
    TaskRules.Chunk may = TaskRules.chunk(task, by, chunk.seq(), size);
    // Only for what would be taken is there something to wait for.
    if (may instanceof TaskRules.Chunk.Taken && !awaitRoom(size)) {
      if (!task.hasEnded()) {
        fail(TaskRules.cancel(task, now), Reason.SLOW_READER);
      }
      return Outcome.refused(Reason.TASK_NOT_FOUND);
    }
    return switch (TaskRules.chunk(task, by, chunk.seq(), size)) {
      case TaskRules.Chunk.Known _ -> new Outcome.Done<>(task);
      case TaskRules.Chunk.Refused(Outcome.Refused<InferenceTask> why) -> why;
      case TaskRules.Chunk.Taken(InferenceTask taken) -> {
        if (chunk.done()) {
          // First: a last chunk that can't be kept wasn't taken.
          end(TaskRules.complete(taken, by, 200, null, now).orThrow());
        } else {
          task = taken;
        }
        if (!chunks.isEmpty() || taker == null || !taker.test(chunk.data())) {
          chunks.add(new Kept(chunk.data(), size));
          bytes += size;
          notifyAll();
        }
        yield new Outcome.Done<>(task);
      }
    };
  }

  private boolean awaitRoom(int size) throws InterruptedException {
    long until = System.nanoTime() + HELD.toNanos();
    while (!task.hasEnded() && !left && (chunks.size() >= MAX_CHUNKS || (bytes > 0 && bytes + size > MAX_BYTES))) {
      long wait = (until - System.nanoTime()) / 1_000_000;
      if (wait <= 0) {
        return false;
      }
      wait(wait);
    }
    return !left;
  }

  /** The provider answered in one piece. Its body is kept where nobody waits for it. */
  synchronized Outcome<InferenceTask> result(TaskRules.Poster by, ProviderAnswer.Whole whole, Instant now) {
    Outcome<InferenceTask> next = TaskRules.own(task, by).map(_ -> whole.isWorthAnother()
        ? TaskRules.failed(task, true, true, Reason.PROVIDER_FAILED, whole.note(), now)
        : TaskRules.complete(task, whole.status(), task.mode() == InferenceTask.Mode.ASYNC ? whole.json() : null, now));
    if (next instanceof Outcome.Done<InferenceTask>(InferenceTask done)) {
      answer = whole;
      end(done);
    }
    return next;
  }

  /** The attempt failed, as its publisher says. */
  synchronized Outcome<InferenceTask> failed(
      TaskRules.Poster by, boolean transport, Reason reason, @Nullable String note, Instant now) {
    Outcome<InferenceTask> own = TaskRules.own(task, by);
    if (own instanceof Outcome.Done<InferenceTask>) {
      lose(transport, reason, note, now);
    }
    return own;
  }

  /** Nothing more comes of the attempt. */
  synchronized void lose(boolean transport, Reason reason, @Nullable String note, Instant now) {
    if (task.attempt() != null) {
      lost(TaskRules.failed(task, transport, true, reason, note, now), transport, reason,
          note == null ? reason.title() : note);
    }
  }

  /** Whether the end of that link is its end. */
  boolean isLostWith(Link link) {
    return over != null && link.carried(over);
  }

  /** Its publisher's link is gone. What can't be kept of that is tried again with each tick. */
  synchronized void linkLost(Instant now) {
    linkLost = true;
    if (task.attempt() != null) {
      lost(TaskRules.linkLost(task, true, now), true, Reason.PUBLISHER_DISCONNECTED,
          Reason.PUBLISHER_DISCONNECTED.title());
    }
  }

  private void lost(InferenceTask next, boolean transport, Reason reason, String note) {
    if (task.tokensSent()) {
      broken = new AnswerStream.Piece.Broken(Reason.UPSTREAM_CUT, note);
    } else {
      answer = new ProviderAnswer.Failed(transport, reason, note);
    }
    end(next);
  }

  private void fail(InferenceTask next, Reason reason) {
    broken = new AnswerStream.Piece.Broken(reason, reason.title());
    answer = answer == null && !task.tokensSent() ? new ProviderAnswer.Failed(false, reason, reason.title()) : answer;
    end(next);
  }

  /** It is told first: what can't be kept hasn't happened. */
  private void end(InferenceTask next) {
    told.accept(next);
    task = next;
    ended = true;
    notifyAll();
  }

  /** What time alone does to it; answers whether its publisher is to end it. */
  synchronized boolean tick(Instant now) {
    if (linkLost) {
      linkLost(now);
      return false;
    }
    InferenceTask at = TaskRules.at(task, now);
    if (at.hasEnded() && !task.hasEnded()) {
      fail(at, Reason.TASK_DEADLINE_EXCEEDED);
      return true;
    }
    if (TaskRules.isUnheard(task, now)) {
      lose(true, Reason.PUBLISHER_DISCONNECTED, "its publisher did not take the task", now);
      return true;
    }
    return false;
  }

  /**
   * Waits until it is known how the answer begins.
   *
   * @return empty for a stream, whose pieces are taken one by one
   */
  synchronized Optional<ProviderAnswer> begin() throws InterruptedException {
    while (answer == null && chunks.isEmpty() && !ended) {
      wait();
    }
    return Optional.ofNullable(answer);
  }

  /** @param direct takes chunks that come during the wait, on the thread of the post that brings them */
  synchronized AnswerStream.Piece next(Duration atMost, Predicate<String> direct) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    taker = direct;
    try {
      for (long left = atMost.toMillis(); chunks.isEmpty() && !ended && left > 0;) {
        wait(left);
        left = (until - System.nanoTime()) / 1_000_000;
      }
    } finally {
      taker = null;
    }
    Kept chunk = chunks.poll();
    if (chunk != null) {
      bytes -= chunk.size();
      notifyAll();
      return new AnswerStream.Piece.Event(chunk.data());
    }
    if (!ended) {
      return AnswerStream.SILENT;
    }
    return broken == null ? AnswerStream.ENDED : broken;
  }

  synchronized boolean isRunning() {
    return task.attempt() != null;
  }

  /** Nobody waits for it any more. */
  synchronized void leave(Instant now) {
    left = true;
    task = TaskRules.cancel(task, now);
    chunks.clear();
    ended = true;
    notifyAll();
  }

  private Outcome<InferenceTask> kept(Outcome<InferenceTask> next) {
    if (next instanceof Outcome.Done<InferenceTask>(InferenceTask changed)) {
      task = changed;
    }
    return next;
  }
}
