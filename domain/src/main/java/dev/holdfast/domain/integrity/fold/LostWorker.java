package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Stands for a worker whose making was lost, so that its id isn't given to another, nor unknown to who holds it. */
final class LostWorker {
  static final CreateWorker REQUEST = CreateWorker.of(new WorkerIntent.Task("(lost)"));
  /** No subject's name, so that only who reaches all workers sees it. */
  private static final String OWNER = "";

  private LostWorker() {}

  static Worker of(WorkerId id, long lastEventId, @Nullable RuntimeState runtime) {
    return new Worker(id, OWNER, WorkerStatus.QUARANTINED, REQUEST.intent(), REQUEST.profile(), REQUEST.model(),
        REQUEST.execution(), 0, false, 0, lastEventId, runtime == null ? Instant.EPOCH : runtime.createdAt());
  }
}
