package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.leases.Fence;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.leases.Liveness;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.Execution;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Everything of a worker that changes: the worker itself, its input queue, its session and its lease.
 *
 * @param firstPending no input with a smaller id waits for the next turn
 */
record Head(Worker worker, WorkQueue queue, long firstPending, Session session, Lease lease) {
  static final String COLUMNS =
      "h.*, s.head_revision, s.checkpoint, s.context_start, w.owner, w.model, w.execution, w.created_at, w.request";
  static final String TABLES = "head h JOIN worker w ON w.no = h.no LEFT JOIN session s ON s.no = h.no";

  static Head created(Worker worker) {
    return new Head(
        worker, WorkQueue.empty(worker.id()), 0, Session.initial(worker.id()), new Lease.Free(worker.id(), 0));
  }

  Head with(Worker changed) {
    return new Head(changed, queue, firstPending, session, lease);
  }

  Head with(WorkQueue changed) {
    return new Head(worker, changed, firstPending, session, lease);
  }

  Head with(Session changed) {
    return new Head(worker, queue, firstPending, changed, lease);
  }

  Head with(Lease changed) {
    return new Head(worker, queue, firstPending, session, changed);
  }

  Head withFirstPending(long id) {
    return new Head(worker, queue, id, session, lease);
  }

  static Head read(ResultSet row) throws SQLException {
    var id = new WorkerId(row.getLong("no"));
    var queue = new WorkQueue(id, row.getLong("last_enqueue_seq"), row.getInt("pending_inputs"),
        row.getInt("queued_work"), row.getLong("last_claim_no"));
    return new Head(readWorker(row, id), queue, row.getLong("first_pending"), readSession(row, id), readLease(row, id));
  }

  /** Before the first commit there is no row of its own. */
  private static Session readSession(ResultSet row, WorkerId id) throws SQLException {
    long openTurn = row.getLong("open_turn");
    TurnId open = row.wasNull() ? null : new TurnId(openTurn);
    String text = row.getString("checkpoint");
    Checkpoint checkpoint = text == null ? Checkpoint.INITIAL : Checkpoint.read(JsonMembers.of(Json.canonical(text)));
    return new Session(id, row.getLong("head_revision"), checkpoint, row.getLong("context_start"),
        row.getLong("last_turn_index"), open);
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
    String liveness = row.getString("lease_liveness");
    return new Lease.Held(new Fence(id, owner, token, generation),
        liveness == null ? new Liveness.Opaque() : Liveness.read(JsonMembers.of(Json.canonical(liveness))),
        Sql.instant(row, "lease_claimed_at"), Sql.instant(row, "lease_expires_at"),
        Duration.of(row.getLong("lease_ttl"), ChronoUnit.MICROS));
  }

  void insert(Sql sql) {
    sql.run("INSERT INTO head (no, status, transcript_length, last_event_id, last_enqueue_seq, pending_inputs, "
        + "first_pending, queued_work, last_claim_no) VALUES (?,?,?,?,?,?,?,?,?)", worker.id().number(),
        worker.status().text(), worker.transcriptLength(), worker.lastEventId(), queue.lastEnqueueSeq(),
        queue.pendingInputs(), firstPending, queue.queuedWork(), queue.lastClaimNo());
  }

  /** Writes what differs from the rows as they were: the frequent units of work change little of it. */
  void update(Sql sql, Head before) {
    long no = worker.id().number();
    if (!worker.status().equals(before.worker.status())) {
      sql.run("UPDATE head SET status = ? WHERE no = ?", worker.status().text(), no);
    }
    if (!lease.equals(before.lease) || !Objects.equals(session.openTurn(), before.session.openTurn())
        || session.lastTurnIndex() != before.session.lastTurnIndex()) {
      updateWithLease(sql, no);
    } else if (!worker.equals(before.worker) || !queue.equals(before.queue) || firstPending != before.firstPending) {
      sql.run("UPDATE head SET transcript_length = ?, last_event_id = ?, last_enqueue_seq = ?, pending_inputs = ?, "
          + "first_pending = ?, queued_work = ?, last_claim_no = ? WHERE no = ?", worker.transcriptLength(),
          worker.lastEventId(), queue.lastEnqueueSeq(), queue.pendingInputs(), firstPending, queue.queuedWork(),
          queue.lastClaimNo(), no);
    }
    if (session.headRevision() != before.session.headRevision()
        || session.contextStart() != before.session.contextStart()
        || !session.checkpoint().equals(before.session.checkpoint())) {
      sql.run("INSERT INTO session (no, head_revision, checkpoint, context_start) VALUES (?,?,?,?) ON CONFLICT (no) "
          + "DO UPDATE SET head_revision = excluded.head_revision, checkpoint = excluded.checkpoint, "
          + "context_start = excluded.context_start", no, session.headRevision(), session.checkpoint().json().text(),
          session.contextStart());
    }
  }

  private void updateWithLease(Sql sql, long no) {
    TurnId open = session.openTurn();
    Lease.Held held = lease instanceof Lease.Held present ? present : null;
    sql.run("UPDATE head SET transcript_length = ?, last_event_id = ?, last_enqueue_seq = ?, pending_inputs = ?, "
        + "first_pending = ?, queued_work = ?, last_claim_no = ?, last_turn_index = ?, open_turn = ?, generation = ?, "
        + "lease_owner = ?, lease_incarnation = ?, lease_token = ?, lease_liveness = ?, lease_claimed_at = ?, "
        + "lease_expires_at = ?, lease_ttl = ? WHERE no = ?", worker.transcriptLength(), worker.lastEventId(),
        queue.lastEnqueueSeq(), queue.pendingInputs(), firstPending, queue.queuedWork(), queue.lastClaimNo(),
        session.lastTurnIndex(), open == null ? null : open.number(), lease.generation(),
        held == null ? null : held.fence().owner().id(), held == null ? null : held.fence().owner().incarnation(),
        held == null ? null : held.fence().token(), held == null ? null : liveness(held),
        held == null ? null : held.claimedAt(), held == null ? null : held.expiresAt(),
        held == null ? null : Sql.micros(held.ttl()), no);
  }

  private static @Nullable String liveness(Lease.Held held) {
    return held.liveness() instanceof Liveness.Opaque ? null : held.liveness().json().text();
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
