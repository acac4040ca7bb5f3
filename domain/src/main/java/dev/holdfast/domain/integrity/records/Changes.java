package dev.holdfast.domain.integrity.records;

import static dev.holdfast.domain.integrity.records.format.Choice.option;
import static dev.holdfast.domain.integrity.records.format.Choice.retired;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.integrity.records.format.Choice;
import dev.holdfast.domain.integrity.records.format.Codec;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.workers.WorkerChange;
import java.util.List;

/**
 * Every change of every capability under its number. The table is closed: a number is never given to another change, and the
 * fields of a change that was ever written stay as they are, so that the oldest unit of work can still be read.
 */
public final class Changes {
  private static final Codec<Long> ID = new Codec<>((out, id) -> out.number("id", id), in -> in.number("id"));

  /** Each capability has a range of ten. */
  static final List<Choice.Option<? extends Change>> TABLE = List.of(
      option(1, "runtime_put", WorkerChange.RuntimePut.class,
          RuntimeRecords.RUNTIME.as(WorkerChange.RuntimePut::runtime, WorkerChange.RuntimePut::new)),
      option(2, "worker_created", WorkerChange.Created.class, WorkerRecords.CREATED),
      option(3, "worker_moved", WorkerChange.Moved.class, WorkerRecords.MOVED),
      option(4, "workers_stopped", new WorkerChange.AllStopped()),
      option(5, "entry_appended", WorkerChange.EntryAppended.class,
          TranscriptRecords.ENTRY.as(WorkerChange.EntryAppended::entry, WorkerChange.EntryAppended::new)),
      option(6, "key_remembered", WorkerChange.KeyRemembered.class,
          WorkerRecords.REMEMBERED.as(WorkerChange.KeyRemembered::record, WorkerChange.KeyRemembered::new)),
      option(7, "diagnostic_added", WorkerChange.DiagnosticAdded.class,
          RuntimeRecords.DIAGNOSTIC.as(WorkerChange.DiagnosticAdded::diagnostic, WorkerChange.DiagnosticAdded::new)),
      option(8, "diagnostic_dropped", WorkerChange.DiagnosticDropped.class,
          ID.as(WorkerChange.DiagnosticDropped::id, WorkerChange.DiagnosticDropped::new)),
      option(9, "worker_pruned", WorkerChange.PrunedPut.class,
          WorkerRecords.PRUNED.as(WorkerChange.PrunedPut::pruned, WorkerChange.PrunedPut::new)),

      option(10, "event_appended", EventChange.Appended.class,
          EventRecords.EVENT.as(EventChange.Appended::event, EventChange.Appended::new)),
      option(11, "events_pruned", EventChange.Pruned.class,
          EventRecords.UP_TO.as(EventChange.Pruned::upTo, EventChange.Pruned::new)),

      option(20, "input_accepted", InputChange.Accepted.class,
          InputRecords.INPUT.as(InputChange.Accepted::input, InputChange.Accepted::new)),
      option(21, "input_moved", InputChange.Moved.class, InputRecords.MOVED),
      option(22, "pending_cancelled", InputChange.PendingCancelled.class, InputRecords.PENDING_CANCELLED),

      option(30, "batch_enqueued", QueueChange.Enqueued.class,
          QueueRecords.BATCH.as(QueueChange.Enqueued::batch, QueueChange.Enqueued::new)),
      option(31, "batch_moved", QueueChange.Moved.class, QueueRecords.MOVED),
      option(32, "queue_put", QueueChange.QueuePut.class,
          QueueRecords.QUEUE.as(QueueChange.QueuePut::queue, QueueChange.QueuePut::new)),
      option(33, "free_cancelled", QueueChange.FreeCancelled.class, QueueRecords.FREE_CANCELLED),

      option(40, "lease_put", LeaseChange.Put.class,
          LeaseRecords.LEASE.as(LeaseChange.Put::lease, LeaseChange.Put::new)),

      option(50, "session_put", TurnChange.SessionPut.class,
          SessionRecords.SESSION.as(TurnChange.SessionPut::session, TurnChange.SessionPut::new)),
      option(51, "turn_put", TurnChange.Put.class, TurnRecords.TURN.as(TurnChange.Put::turn, TurnChange.Put::new)),
      option(52, "cancel_put", TurnChange.CancelPut.class, TurnRecords.CANCEL_PUT),
      option(53, "admitted", TurnChange.Admitted.class,
          SessionRecords.ADMISSION.as(TurnChange.Admitted::admission, TurnChange.Admitted::new)),
      option(54, "stamped", TurnChange.Stamped.class,
          SessionRecords.STAMP.as(TurnChange.Stamped::stamp, TurnChange.Stamped::new)),

      option(60, "output_appended", OutputChange.Appended.class, OutputRecords.APPENDED),

      retired(70, "provider_put", ProviderRecords.FIRST_FORM.as(
          (ProviderChange.PublicPut put) -> put.provider(), ProviderChange.PublicPut::new)),
      option(71, "provider_deleted", ProviderChange.Deleted.class,
          ProviderRecords.NAME.as(ProviderChange.Deleted::name, ProviderChange.Deleted::new)),
      option(72, "default_model_put", ProviderChange.DefaultModelPut.class,
          ProviderRecords.NAME.as(ProviderChange.DefaultModelPut::name, ProviderChange.DefaultModelPut::new)),
      option(73, "public_provider_put", ProviderChange.PublicPut.class,
          ProviderRecords.PUBLIC.as(ProviderChange.PublicPut::provider, ProviderChange.PublicPut::new)),
      option(74, "virtual_provider_put", ProviderChange.VirtualPut.class,
          ProviderRecords.VIRTUAL.as(ProviderChange.VirtualPut::provider, ProviderChange.VirtualPut::new)),
      option(75, "publisher_put", PublisherChange.Put.class,
          TaskRecords.PUBLISHER.as(PublisherChange.Put::publisher, PublisherChange.Put::new)),
      option(76, "publisher_deleted", PublisherChange.Deleted.class,
          TaskRecords.ID.as(PublisherChange.Deleted::id, PublisherChange.Deleted::new)),

      option(80, "key_put", AccessChange.KeyPut.class,
          AccessRecords.KEY.as(AccessChange.KeyPut::key, AccessChange.KeyPut::new)),
      option(81, "key_removed", AccessChange.KeyRemoved.class,
          AccessRecords.ID.as(AccessChange.KeyRemoved::id, AccessChange.KeyRemoved::new)),
      option(82, "audited", AccessChange.Audited.class,
          AccessRecords.AUDIT_RECORD.as(AccessChange.Audited::entry, AccessChange.Audited::new)),
      option(83, "audit_pruned", AccessChange.AuditPruned.class,
          AccessRecords.AUDIT_HEAD.as(AccessChange.AuditPruned::anchor, AccessChange.AuditPruned::new)),

      option(90, "task_put", TaskChange.Put.class, TaskRecords.TASK.as(TaskChange.Put::task, TaskChange.Put::new)),
      option(91, "task_deleted", TaskChange.Deleted.class,
          TaskRecords.ID.as(TaskChange.Deleted::id, TaskChange.Deleted::new)),
      option(92, "used", TaskChange.Used.class,
          TaskRecords.USAGE.as(TaskChange.Used::usage, TaskChange.Used::new)));

  public static final Codec<Change> CHANGE = Choice.of("change", TABLE);

  /** A unit of work: its changes in their order. */
  public static final Codec<List<Change>> UNIT =
      new Codec<>((out, unit) -> out.list("changes", CHANGE, unit), in -> in.list("changes", CHANGE));

  private Changes() {}
}
