package dev.holdfast.domain.turns;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.turns.cancels.CancelRules;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputRules.Sender;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stopping and cancelling workers, stopping and starting the runtime (spec workers §3). */
public final class LifecycleRules {
  private LifecycleRules() {}

  /** How a worker ends by request. */
  public enum Ending {
    STOP(WorkerStatus.STOPPED, EventName.WORKER_STOPPED, "worker stopped"),
    CANCEL(WorkerStatus.CANCELLED, EventName.WORKER_CANCELLED, "worker cancelled");

    private final WorkerStatus status;
    private final EventName event;
    private final String note;

    Ending(WorkerStatus status, EventName event, String note) {
      this.status = status;
      this.event = event;
      this.note = note;
    }
  }

  /**
   * A running worker ends, and its inputs and queued work that wait are cancelled. An open turn may finish when the worker is
   * stopped, and is asked to cancel when the worker is cancelled. For an ended worker nothing changes, and the answer is what
   * it was (spec W-20 to W-22).
   */
  public static Decision<Worker> end(
      TurnReads state, Sender sender, Ending ending, @Nullable String note, Instant now) {
    RuntimeState runtime = state.runtime().orElseThrow();
    if (runtime.status() == RuntimeStatus.STOPPED) {
      return Decision.refused(Reason.RUNTIME_STOPPED);
    }
    return switch (WorkerRules.find(state, sender.runtime(), sender.worker(), sender.subject())) {
      case Outcome.Refused<Worker> refused -> Decision.refused(refused);
      case Outcome.Replayed<Worker>(Worker worker) -> Decision.unchanged(worker);
      case Outcome.Done<Worker>(Worker worker) -> switch (worker.status()) {
        case QUARANTINED -> Decision.refused(Reason.WORKER_QUARANTINED);
        case STOPPED, CANCELLED -> Decision.unchanged(worker);
        case RUNNING -> ended(state, runtime, worker, ending, sender.keyId(), note, now);
      };
    };
  }

  private static Decision<Worker> ended(
      TurnReads state, RuntimeState runtime, Worker worker, Ending ending, @Nullable String actor,
      @Nullable String note, Instant now) {
    var events = new NewEvents(state, now, actor);
    List<Change> changes = new ArrayList<>();
    if (ending == Ending.CANCEL) {
      CancelRules.ofWorker(state, worker.id(), actor, note, events, now).ifPresent(changes::add);
    }
    events.add(worker.id(), ending.event, Json.EMPTY_OBJECT, note == null ? ending.note : note);
    changes.add(new WorkerChange.RuntimePut(runtime.withEnded(ending.status)));
    changes.add(new InputChange.PendingCancelled(worker.id()));
    changes.add(new QueueChange.FreeCancelled(worker.id(), now));
    Worker after = worker.ended(ending.status, events.lastId());
    changes.add(new WorkerChange.Moved(after));
    changes.addAll(events.changes());
    return Decision.done(after, changes);
  }

  /** Running workers become stopped without events of their own, and all pending inputs are cancelled. */
  public static Decision<RuntimeState> stopRuntime(
      TurnReads state, @Nullable String actor, @Nullable String note, Instant now) {
    RuntimeState runtime = state.runtime().orElseThrow();
    if (runtime.status() == RuntimeStatus.STOPPED) {
      return Decision.unchanged(runtime);
    }
    var events = new NewEvents(state, now, actor);
    long eventId = events.add(null, EventName.RUNTIME_STOPPED, Json.EMPTY_OBJECT,
        note == null ? "runtime " + runtime.id() + " stopped" : note);
    RuntimeState stopped = runtime.stopped(eventId);
    List<Change> changes = new ArrayList<>();
    changes.add(new WorkerChange.AllStopped());
    changes.add(new InputChange.PendingCancelled(null));
    changes.add(new QueueChange.FreeCancelled(null, now));
    changes.add(new WorkerChange.RuntimePut(stopped));
    changes.addAll(events.changes());
    return Decision.done(stopped, changes);
  }

  /** Stopped workers stay stopped. */
  public static Decision<RuntimeState> startRuntime(
      TurnReads state, @Nullable String actor, @Nullable String note, Instant now) {
    RuntimeState runtime = state.runtime().orElseThrow();
    if (runtime.status() == RuntimeStatus.RUNNING) {
      return Decision.unchanged(runtime);
    }
    var events = new NewEvents(state, now, actor);
    long eventId = events.add(null, EventName.RUNTIME_STARTED, Json.EMPTY_OBJECT, note);
    RuntimeState started = runtime.started(eventId);
    List<Change> changes = new ArrayList<>();
    changes.add(new WorkerChange.RuntimePut(started));
    changes.addAll(events.changes());
    return Decision.done(started, changes);
  }
}
