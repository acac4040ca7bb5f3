package dev.holdfast.domain.turns;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.WorkerStatus;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A session as people see it. */
public record SessionView(Session session, Lease lease, WorkQueue queue, Activity activity) {

  /** Derived at each look, never stored. */
  public enum Activity {
    IDLE,
    /** Ready work and no open turn. */
    QUEUED,
    /** An open turn under a live lease of its attempt's generation. */
    RUNNING,
    /** An open turn without. */
    INTERRUPTED;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static SessionView of(TurnReads state, WorkerId id, Instant now) {
    Session session = state.session(id);
    Lease lease = state.lease(id);
    WorkQueue queue = state.workQueue(id);
    Optional<Turn> open = Optional.ofNullable(session.openTurn()).flatMap(state::turn);
    Activity activity;
    if (open.isPresent()) {
      boolean held = lease.isHeldLiveAt(now) && open.get().hasLiveAttempt(lease.generation());
      activity = held ? Activity.RUNNING : Activity.INTERRUPTED;
    } else {
      boolean inputs = queue.pendingInputs() > 0 && state.hasPendingUserInput(id);
      boolean ready =
          inputs || (queue.queuedWork() > 0 && !state.readyBatches(id, now, lease.liveGeneration(now), 1).isEmpty());
      // What has ended takes nothing, whatever still waits there.
      activity = ready && state.worker(id).filter(worker -> worker.status() == WorkerStatus.RUNNING).isPresent()
          ? Activity.QUEUED : Activity.IDLE;
    }
    return new SessionView(session, lease, queue, activity);
  }
}
