package dev.holdfast.application.relay.tasks;

import dev.holdfast.application.relay.Asked;
import dev.holdfast.application.relay.Choosing;
import dev.holdfast.application.relay.Meter;
import dev.holdfast.application.relay.UsageLog;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.Viewer;
import dev.holdfast.domain.relay.tasks.InferenceTask;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What the node keeps in memory of a task that hasn't ended. */
final class Kept {
  final TaskRing ring = new TaskRing();
  final Meter meter;
  final Viewer viewer;
  // All guarded by this.
  @Nullable
  Choosing choosing;
  @Nullable
  Thread runner;
  private @Nullable Left left;
  private @Nullable Instant deadline;
  @Nullable
  Instant notBefore;
  boolean over;

  Kept(InferenceTask task, Viewer viewer, InstantSource clock, UsageLog usage) {
    this.viewer = viewer;
    this.meter = new Meter(new Asked(viewer, task.key(), task.id(), task.model(),
        new InferenceRequest(task.path(), task.request(), task.streaming()), InferenceTask.Mode.ASYNC), clock, usage);
  }

  synchronized void work(InferenceTask claimed, Runnable run) {
    deadline = claimed.deadline();
    runner = Thread.ofVirtual().name(claimed.id()).start(run);
  }

  /** That provider isn't asked again before the others were, and some time has passed. */
  synchronized void tried(String provider) {
    if (choosing != null) {
      choosing.tried(provider);
    }
  }

  /** What a thread has left behind that worked on the task. */
  static final class Left {
    private final @Nullable InferenceTask next;

    private Left(@Nullable InferenceTask next) {
      this.next = next;
    }

    /** What became of the task; null where somebody else has settled that. */
    @Nullable
    InferenceTask next() {
      return next;
    }
  }

  synchronized void rest(@Nullable InferenceTask next) {
    runner = null;
    left = new Left(next);
  }

  synchronized @Nullable Left left() {
    return left;
  }

  /** Nothing is left to be kept of that; another attempt may have left something since. */
  synchronized void concluded(Left done) {
    if (left == done) {
      left = null;
    }
  }

  synchronized boolean isOverdue(Instant now) {
    return runner != null && deadline != null && !now.isBefore(deadline);
  }

  /** Ends the attempt that the node works on, if there is one. */
  synchronized boolean interrupt() {
    if (runner != null) {
      runner.interrupt();
    }
    return runner != null;
  }

  synchronized void forgetChoices() {
    if (choosing != null) {
      choosing.close();
      choosing = null;
    }
  }

  /** @return whether it wasn't over before */
  synchronized boolean finish() {
    boolean first = !over;
    over = true;
    forgetChoices();
    return first;
  }
}
