package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AccessChange;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.relay.ProviderChange;
import dev.holdfast.domain.relay.publishers.PublisherChange;
import dev.holdfast.domain.relay.tasks.TaskChange;
import dev.holdfast.domain.turns.TurnChange;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.inputs.InputChange;
import dev.holdfast.domain.turns.inputs.InputState;
import dev.holdfast.domain.turns.leases.LeaseChange;
import dev.holdfast.domain.turns.output.OutputChange;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.QueueChange;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import dev.holdfast.sqlite.integrity.relay.ProviderRows;
import dev.holdfast.sqlite.integrity.relay.PublisherRows;
import dev.holdfast.sqlite.integrity.relay.TaskRows;
import java.time.Instant;
import java.util.Locale;

/** Every change of the domain as the rows that it writes. */
final class Writes {
  private Writes() {}

  static void apply(WriterState state, Change change) {
    switch (change) {
      case EventChange.Appended(Event event) -> event(state, event);
      case EventChange.Pruned(long upTo) -> {
        state.marks.put(new PrunedRows.OfRuntime(upTo, state.auditAnchor()));
        state.lastEventId(Math.max(state.lastEventId(), upTo));
      }
      case WorkerChange workers -> apply(state, workers);
      case InputChange inputs -> apply(state, inputs);
      case LeaseChange.Put(var lease) -> state.put(head(state, lease.session()).with(lease));
      case TurnChange turns -> apply(state, turns);
      case QueueChange queue -> apply(state, queue);
      case OutputChange.Appended(var turn, var records) -> {
        TurnTexts.insertRecords(state.output, turn, records);
        state.changeCached(turn, known -> known.withOutput(records.getLast().seq()));
      }
      case AccessChange access -> AccessRows.apply(state, access);
      case ProviderChange providers -> ProviderRows.apply(state.sql, providers);
      case PublisherChange publishers -> PublisherRows.apply(state.sql, publishers);
      case TaskChange tasks -> TaskRows.apply(state.sql, tasks);
      default -> throw new IllegalArgumentException("no rows for " + change.getClass());
    }
  }

  private static Head head(WriterState state, WorkerId id) {
    return state.head(id).orElseThrow();
  }

  private static void event(WriterState state, Event event) {
    WorkerId worker = event.worker();
    state.events.add(event.id(), worker == null ? null : worker.number(), event.name().text(), event.at(),
        event.actor(), event.data().text(), event.note());
    state.lastEventId(event.id());
    if (worker != null && event.name() == EventName.WORKER_INPUT_ACCEPTED && state.pruned(worker).transcript() > 0) {
      // The store is being filled, and the worker's input may not come; the feed of the worker is found by it.
      InputRows.insertGone(state.sql, worker, event);
    }
  }

  private static void apply(WriterState state, WorkerChange change) {
    Sql sql = state.sql;
    switch (change) {
      case WorkerChange.RuntimePut(RuntimeState runtime) -> runtime(state, runtime);
      case WorkerChange.Created(Worker worker, var request) -> {
        sql.run("INSERT INTO worker (no, owner, model, execution, created_at, request) VALUES (?,?,?,?,?,?)",
            worker.id().number(), worker.owner(), worker.model(), worker.execution().name().toLowerCase(Locale.ROOT),
            worker.createdAt(), CreateWorkerJson.write(request).text());
        state.created(Head.created(worker));
      }
      case WorkerChange.Moved moved -> {
        Head head = head(state, moved.id());
        state.put(head.with(moved.of(head.worker())));
      }
      case WorkerChange.AllStopped() -> {
        state.forgetHeads();
        sql.run("UPDATE head SET status = 'stopped' WHERE status = 'running'");
      }
      case WorkerChange.EntryAppended(TranscriptEntry entry) -> entry(state, entry);
      case WorkerChange.PrunedPut(var pruned) -> state.marks.put(pruned);
      case WorkerChange.KeyRemembered(Remembered record) ->
        sql.run("INSERT OR REPLACE INTO remembered (scope, key, fingerprint, object, at) VALUES (?,?,?,?,?)",
            record.scope(), record.key(), record.fingerprint(), record.object(), record.at());
      case WorkerChange.DiagnosticAdded(Diagnostic diagnostic) -> {
        WorkerId worker = diagnostic.worker();
        sql.run("INSERT INTO diagnostic (id, at, severity, code, note, worker) VALUES (?,?,?,?,?,?)", diagnostic.id(),
            diagnostic.at(), diagnostic.severity().text(), diagnostic.code().text(), diagnostic.note(),
            worker == null ? null : worker.number());
      }
      case WorkerChange.DiagnosticDropped(long id) -> sql.run("DELETE FROM diagnostic WHERE id = ?", id);
    }
  }

  private static void runtime(WriterState state, RuntimeState runtime) {
    state.sql.run("INSERT OR REPLACE INTO runtime (one, id, display_name, max_projection, max_batch, status, "
        + "status_event_id, last_worker_number, running, stopped, cancelled, quarantined, last_diagnostic_id, "
        + "diagnostics_kept, diagnostics_dropped, created_at) VALUES (1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        runtime.id().value(), runtime.displayName(), runtime.limits().maxTranscriptProjectionItems(),
        runtime.limits().maxEventBatchItems(), runtime.status().name().toLowerCase(Locale.ROOT),
        runtime.statusEventId(), runtime.lastWorkerNumber(), runtime.counts().running(), runtime.counts().stopped(),
        runtime.counts().cancelled(), runtime.counts().quarantined(), runtime.diagnostics().lastId(),
        runtime.diagnostics().kept(), runtime.diagnostics().dropped(), runtime.createdAt());
    state.put(runtime);
  }

  private static void entry(WriterState state, TranscriptEntry entry) {
    switch (entry.origin()) {
      case TranscriptEntry.Origin.FromTurn(var turn, int attempt, int commitNo) ->
        state.entries.add(entry.worker().number(), entry.sequence(), entry.role().text(),
            entry.eventId(), entry.at(), turn.number(), attempt, commitNo, entry.status().text(), entry.content());
      case TranscriptEntry.Origin.FromInput(var input) -> InputRows.insertForgotten(state.sql, input, entry);
    }
  }

  private static void apply(WriterState state, InputChange change) {
    switch (change) {
      case InputChange.Accepted(var input) -> {
        if (!state.pruned(input.session()).equals(Pruned.nothing(input.session()))) {
          InputRows.forget(state.sql, input);
        }
        InputRows.insert(state.sql, input);
        state.put(input);
      }
      case InputChange.Moved(var input, var session, var next) -> {
        InputRows.updateState(state.sql, input, next);
        state.move(input, session, next);
        Head head = head(state, session);
        // That it moves on is seen when the queue is read or empty.
        if (next instanceof InputState.Deferred && input.number() < head.firstPending()) {
          state.put(head.withFirstPending(input.number()));
        }
      }
      case InputChange.PendingCancelled(WorkerId session) -> {
        state.forgetInputs(session);
        if (session == null) {
          state.forgetHeads();
          InputRows.cancelAllPending(state.sql);
          state.sql.run("UPDATE head SET pending_inputs = 0 WHERE pending_inputs > 0");
        } else {
          Head head = head(state, session);
          InputRows.cancelPending(state.sql, head);
          state.put(head.with(head.queue().plusPending(-head.queue().pendingInputs())));
        }
      }
    }
  }

  private static void apply(WriterState state, QueueChange change) {
    switch (change) {
      case QueueChange.Enqueued(Batch batch) -> {
        if (batch.sourceKey() != null && state.pruned(batch.session()).work() > 0) {
          // Only one that is forgotten can still have it.
          state.sql.run("UPDATE batch SET source_key = NULL WHERE worker = ? AND source_key = ?",
              batch.session().number(), batch.sourceKey());
        }
        BatchRows.insert(state.sql, batch);
      }
      case QueueChange.Moved(var batch, _, var next) -> BatchRows.updateState(state.sql, batch, next);
      case QueueChange.QueuePut(WorkQueue queue) -> {
        Head head = head(state, queue.session()).with(queue);
        // Every input of the session is among its events.
        state.put(queue.pendingInputs() > 0 ? head : head.withFirstPending(head.worker().lastEventId() + 1));
      }
      case QueueChange.FreeCancelled(WorkerId session, Instant now) -> {
        if (session == null) {
          state.forgetHeads();
          BatchRows.cancelAllFree(state.sql, now);
        } else {
          Head head = head(state, session);
          if (head.queue().queuedWork() > 0) {
            int cancelled = BatchRows.cancelFree(state.sql, session, head.lease().liveGeneration(now));
            state.put(head.with(head.queue().minusBatches(cancelled)));
          }
        }
      }
    }
  }

  private static void apply(WriterState state, TurnChange change) {
    switch (change) {
      case TurnChange.SessionPut(var session) -> state.put(head(state, session.id()).with(session));
      case TurnChange.Put(var turn) -> state.put(turn);
      case TurnChange.CancelPut(var turn, var cancel) -> {
        TurnTexts.put(state.sql, turn, cancel);
        state.changeCached(turn, known -> known.withCancel(cancel));
      }
      case TurnChange.Admitted(var admission) -> TurnTexts.insert(state.sql, admission);
      case TurnChange.Stamped(Stamp(var key, String hash, var result)) ->
        state.stamps.add(key.turn().number(), key.attempt(),
            key.commitNo(),
            key.session().number(), hash, result.headRevision(), result.eventId(),
            Json.of(result.transcriptSequences()).text(), result.checkpoint().json().text(),
            result.lastOutputSeq());
    }
  }
}
