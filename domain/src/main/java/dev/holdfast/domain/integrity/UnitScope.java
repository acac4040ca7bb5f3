package dev.holdfast.domain.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.WorkerChange;
import java.util.List;
import java.util.Optional;

/**
 * Whom a unit of work touches (spec I-1): one worker, beside rows of the runtime, or else the runtime. What is lost with a
 * damaged unit of one worker is that worker's alone.
 */
public final class UnitScope {
  private UnitScope() {}

  /**
   * @param state behind the unit
   * @return the only worker whose rows it writes; empty when it writes of several, of all, or of none
   */
  public static Optional<WorkerId> of(TurnReads state, List<? extends Change> unit) {
    WorkerId only = null;
    for (Change change : unit) {
      if (isOfAll(change)) {
        return Optional.empty();
      }
      WorkerId touched = worker(state, change).orElse(only);
      if (only != null && !only.equals(touched)) {
        return Optional.empty();
      }
      only = touched;
    }
    return Optional.ofNullable(only);
  }

  /**
   * @param state before the change
   * @return the worker whose own rows it writes; empty for rows of the runtime, which the feed, the audit and the remembered
   *     calls are, and for what concerns all workers
   */
  public static Optional<WorkerId> ofRows(TurnReads state, Change change) {
    return change instanceof EventChange ? Optional.empty() : worker(state, change);
  }

  private static boolean isOfAll(Change change) {
    return change instanceof WorkerChange.AllStopped
        || (change instanceof InputChange.PendingCancelled(WorkerId session) && session == null)
        || (change instanceof QueueChange.FreeCancelled(WorkerId one, _) && one == null);
  }

  private static Optional<WorkerId> worker(TurnReads state, Change change) {
    return switch (change) {
      case WorkerChange worker -> worker(worker);
      case EventChange.Appended(var event) -> Optional.ofNullable(event.worker());
      case EventChange.Pruned _ -> Optional.empty();
      case InputChange input -> worker(input);
      case QueueChange batch -> worker(batch);
      case LeaseChange.Put(var lease) -> Optional.of(lease.session());
      case TurnChange turn -> worker(state, turn);
      case OutputChange.Appended(TurnId turn, _) -> state.turn(turn).map(Turn::session);
      case ProviderChange _,PublisherChange _,TaskChange _,AccessChange _ -> Optional.empty();
      default -> throw new IllegalArgumentException("a change of no known kind: " + change.getClass().getName());
    };
  }

  private static Optional<WorkerId> worker(WorkerChange change) {
    return switch (change) {
      case WorkerChange.Created(var worker, _) -> Optional.of(worker.id());
      case WorkerChange.Moved(WorkerId id, _, _, _) -> Optional.of(id);
      case WorkerChange.EntryAppended(var entry) -> Optional.of(entry.worker());
      case WorkerChange.PrunedPut(var pruned) -> Optional.of(pruned.worker());
      case WorkerChange.RuntimePut _,WorkerChange.AllStopped _,WorkerChange.KeyRemembered _ -> Optional.empty();
      case WorkerChange.DiagnosticAdded _,WorkerChange.DiagnosticDropped _ -> Optional.empty();
    };
  }

  private static Optional<WorkerId> worker(InputChange change) {
    return switch (change) {
      case InputChange.Accepted(var input) -> Optional.of(input.session());
      case InputChange.Moved(_, WorkerId session, _) -> Optional.of(session);
      case InputChange.PendingCancelled(WorkerId session) -> Optional.ofNullable(session);
    };
  }

  private static Optional<WorkerId> worker(QueueChange change) {
    return switch (change) {
      case QueueChange.Enqueued(var batch) -> Optional.of(batch.session());
      case QueueChange.Moved(_, WorkerId session, _) -> Optional.of(session);
      case QueueChange.QueuePut(var queue) -> Optional.of(queue.session());
      case QueueChange.FreeCancelled(WorkerId session, _) -> Optional.ofNullable(session);
    };
  }

  private static Optional<WorkerId> worker(TurnReads state, TurnChange change) {
    return switch (change) {
      case TurnChange.SessionPut(var session) -> Optional.of(session.id());
      case TurnChange.Put(Turn turn) -> Optional.of(turn.session());
      case TurnChange.CancelPut(TurnId turn, _) -> state.turn(turn).map(Turn::session);
      case TurnChange.Admitted(var admission) -> state.turn(admission.turn()).map(Turn::session);
      case TurnChange.Stamped(var stamp) -> Optional.of(stamp.key().session());
    };
  }
}
