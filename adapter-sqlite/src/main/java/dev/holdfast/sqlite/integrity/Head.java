package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Checkpoint;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.inputs.InputQueue;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/**
 * Everything of a worker that changes, which is one row: the worker itself, its input queue, its session and its lease.
 */
record Head(Worker worker, InputQueue queue, Session session, Lease lease) {
  static final String COLUMNS = "h.*, w.owner, w.model, w.execution, w.created_at, w.request";
  static final String TABLES = "head h JOIN worker w ON w.no = h.no";

  private static final String LEASE_COLUMNS =
      "generation = ?, lease_owner = ?, lease_incarnation = ?, lease_token = ?, lease_claimed_at = ?, lease_expires_at = ?";

  static Head created(Worker worker) {
    return new Head(worker, InputQueue.empty(worker.id()), Session.initial(worker.id()),
        new Lease.Free(worker.id(), 0));
  }

  Head with(Worker changed) {
    return new Head(changed, queue, session, lease);
  }

  Head with(InputQueue changed) {
    return new Head(worker, changed, session, lease);
  }

  Head with(Session changed) {
    return new Head(worker, queue, changed, lease);
  }

  Head with(Lease changed) {
    return new Head(worker, queue, session, changed);
  }

  static Head read(ResultSet row) throws SQLException {
    var id = new WorkerId(row.getLong("no"));
    long openTurn = row.getLong("open_turn");
    TurnId open = row.wasNull() ? null : new TurnId(openTurn);
    var session = new Session(id, row.getLong("head_revision"),
        Checkpoint.read(JsonMembers.of(Json.canonical(row.getString("checkpoint")))), row.getLong("context_start"),
        row.getLong("last_turn_index"), open);
    var queue = new InputQueue(id, row.getLong("last_enqueue_seq"), row.getInt("pending_inputs"));
    return new Head(readWorker(row, id), queue, session, readLease(row, id));
  }

  private static Worker readWorker(ResultSet row, WorkerId id) throws SQLException {
    CreateWorker request = CreateWorkerJson.read(Json.canonical(row.getString("request")));
    return new Worker(id, row.getString("owner"), WorkerStatus.valueOf(upper(row.getString("status"))),
        request.intent(), request.profile(), row.getString("model"),
        Execution.valueOf(upper(row.getString("execution"))), request.capabilities().size(),
        request.configBundle() != null, row.getLong("transcript_length"), row.getLong("last_event_id"),
        Sql.instant(row, "created_at"));
  }

  private static Lease readLease(ResultSet row, WorkerId id) throws SQLException {
    long generation = row.getLong("generation");
    String token = row.getString("lease_token");
    if (token == null) {
      return new Lease.Free(id, generation);
    }
    var owner = new Owner(row.getString("lease_owner"), row.getString("lease_incarnation"));
    return new Lease.Held(new Fence(id, owner, token, generation), Sql.instant(row, "lease_claimed_at"),
        Sql.instant(row, "lease_expires_at"));
  }

  void insert(Sql sql) {
    sql.run("INSERT INTO head (no, status, transcript_length, last_event_id, last_enqueue_seq, pending_inputs, "
        + "head_revision, checkpoint, context_start, last_turn_index, generation) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        worker.id().number(), worker.status().text(), worker.transcriptLength(), worker.lastEventId(),
        queue.lastEnqueueSeq(), queue.pending(), session.headRevision(), session.checkpoint().json().text(),
        session.contextStart(), session.lastTurnIndex(), lease.generation());
  }

  /** Writes what differs from the row as it was: the frequent units of work change a few columns only. */
  void update(Sql sql, Head before) {
    if (!worker.equals(before.worker) || !queue.equals(before.queue)) {
      sql.run("UPDATE head SET status = ?, transcript_length = ?, last_event_id = ?, last_enqueue_seq = ?, "
          + "pending_inputs = ? WHERE no = ?", worker.status().text(), worker.transcriptLength(),
          worker.lastEventId(), queue.lastEnqueueSeq(), queue.pending(), worker.id().number());
    }
    if (!session.equals(before.session)) {
      TurnId open = session.openTurn();
      sql.run("UPDATE head SET head_revision = ?, checkpoint = ?, context_start = ?, last_turn_index = ?, "
          + "open_turn = ? WHERE no = ?", session.headRevision(), session.checkpoint().json().text(),
          session.contextStart(), session.lastTurnIndex(), open == null ? null : open.number(), worker.id().number());
    }
    if (!lease.equals(before.lease)) {
      updateLease(sql);
    }
  }

  private void updateLease(Sql sql) {
    switch (lease) {
      case Lease.Free free -> sql.run("UPDATE head SET " + LEASE_COLUMNS + " WHERE no = ?", free.generation(), null,
          null, null, null, null, worker.id().number());
      case Lease.Held held -> sql.run("UPDATE head SET " + LEASE_COLUMNS + " WHERE no = ?", held.generation(),
          held.fence().owner().id(), held.fence().owner().incarnation(), held.fence().token(), held.claimedAt(),
          held.expiresAt(), worker.id().number());
    }
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
