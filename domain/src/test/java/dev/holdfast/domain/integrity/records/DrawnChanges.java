package dev.holdfast.domain.integrity.records;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Draws changes of every kind. */
final class DrawnChanges {
  private final Rows rows;
  private final Values v;
  private final RowsOfTurns turns;
  private final List<Supplier<Change>> makers = new ArrayList<>();

  DrawnChanges(long seed) {
    rows = new Rows(seed);
    v = rows.v;
    turns = rows.turns;
    catalogue();
    turns();
    relay();
    makers.add(() -> new AccessChange.KeyPut(rows.key()));
    makers.add(() -> new AccessChange.KeyRemoved(v.text()));
    makers.add(() -> new AccessChange.Audited(rows.auditRecord()));
    makers.add(() -> new AccessChange.AuditPruned(rows.auditHead()));
  }

  private void catalogue() {
    makers.add(() -> new WorkerChange.RuntimePut(rows.runtime()));
    makers.add(() -> new WorkerChange.Created(rows.worker(), rows.request()));
    makers.add(
        () -> new WorkerChange.Moved(v.worker(), v.constant(WorkerStatus.class), v.number(), v.number()));
    makers.add(WorkerChange.AllStopped::new);
    makers.add(() -> new WorkerChange.EntryAppended(rows.entry()));
    makers.add(() -> new WorkerChange.KeyRemembered(rows.remembered()));
    makers.add(() -> new WorkerChange.DiagnosticAdded(rows.diagnostic()));
    makers.add(() -> new WorkerChange.DiagnosticDropped(v.number()));
    makers.add(() -> new EventChange.Appended(rows.event()));
    makers.add(() -> new EventChange.Pruned(v.number()));
    makers.add(() -> new WorkerChange.PrunedPut(rows.pruned()));
  }

  private void turns() {
    makers.add(() -> new InputChange.Accepted(turns.input()));
    makers.add(() -> new InputChange.Moved(v.input(), v.worker(), turns.inputState()));
    makers.add(() -> new InputChange.PendingCancelled(v.orNull(v::worker)));
    makers.add(() -> new QueueChange.Enqueued(turns.batch()));
    makers.add(() -> new QueueChange.Moved(v.batch(), v.worker(), turns.batchState()));
    makers.add(() -> new QueueChange.QueuePut(turns.queue()));
    makers.add(() -> new QueueChange.FreeCancelled(v.orNull(v::worker), v.time()));
    makers.add(() -> new LeaseChange.Put(turns.lease()));
    makers.add(() -> new TurnChange.SessionPut(turns.session()));
    makers.add(() -> new TurnChange.Put(turns.turn()));
    makers.add(() -> new TurnChange.CancelPut(v.turn(), turns.cancel()));
    makers.add(() -> new TurnChange.Admitted(turns.admission()));
    makers.add(() -> new TurnChange.Stamped(turns.stamp()));
    makers.add(turns::appended);
  }

  private void relay() {
    makers.add(() -> new ProviderChange.PublicPut(rows.relay.publicProvider()));
    makers.add(() -> new ProviderChange.VirtualPut(rows.relay.virtualProvider()));
    makers.add(() -> new ProviderChange.Deleted(v.text()));
    makers.add(() -> new ProviderChange.DefaultModelPut(v.text()));
    makers.add(() -> new PublisherChange.Put(rows.relay.publisher()));
    makers.add(() -> new PublisherChange.Deleted(v.text()));
    makers.add(() -> new TaskChange.Put(rows.relay.task()));
    makers.add(() -> new TaskChange.Deleted(v.text()));
    makers.add(() -> new TaskChange.Used(rows.relay.usage()));
  }

  /** One of each kind, in an order that is always the same. */
  List<Change> all() {
    return makers.stream().map(Supplier::get).toList();
  }

  /** Some, perhaps none. */
  List<Change> unit() {
    return v.some(0, () -> makers.get(Math.floorMod(v.count(), makers.size())).get());
  }
}
