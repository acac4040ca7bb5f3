package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.leases.Claim;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.BatchState;
import dev.holdfast.domain.turns.queue.Delivery;
import dev.holdfast.domain.turns.queue.Payload;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A batch of queued work and its row. */
final class BatchRows {
  /** As the indexes of what is free and of what hasn't ended have it, word for word. */
  static final String FREE = "state IN ('waiting', 'claimed')";

  static final String OPEN = "state IN ('waiting', 'claimed', 'bound')";

  private static final String WAITING = "waiting";
  private static final String CLAIMED = "claimed";
  private static final String BOUND = "bound";
  private static final String COMPLETED = "completed";
  private static final String CANCELLED = "cancelled";

  private BatchRows() {}

  static Batch read(ResultSet row) throws SQLException {
    var delivery = new Delivery(Delivery.Policy.valueOf(row.getString("policy").toUpperCase(Locale.ROOT)),
        Delivery.Slot.valueOf(row.getString("slot").toUpperCase(Locale.ROOT)), row.getString("merge_key"));
    List<Payload> items = TurnTexts.list(row.getString("items")).stream()
        .map(item -> Payload.read(JsonMembers.of(Json.of(item)))).toList();
    return new Batch(new BatchId(row.getLong("id")), new WorkerId(row.getLong("worker")), row.getLong("enqueue_seq"),
        row.getString("source_key"), delivery, Sql.instant(row, "available_at"), Sql.instant(row, "enqueued_at"),
        items, readState(row));
  }

  private static BatchState readState(ResultSet row) throws SQLException {
    String text = row.getString("state");
    TurnId turn = TurnTexts.optionalTurn(row);
    return switch (text) {
      case WAITING -> new BatchState.Waiting();
      case CLAIMED -> new BatchState.Claimed(InputRows.readClaim(row), turn);
      case BOUND -> new BatchState.Bound(new TurnId(row.getLong("turn")), InputRows.readClaim(row));
      case COMPLETED -> new BatchState.Completed(turn);
      case CANCELLED -> new BatchState.Cancelled();
      default -> throw new SQLException("no batch state: " + text);
    };
  }

  static void insert(Sql sql, Batch batch) {
    Delivery delivery = batch.delivery();
    sql.run("INSERT INTO batch (id, worker, enqueue_seq, state, claim_generation, policy, slot, merge_key, "
        + "available_at, enqueued_at, source_key, items) VALUES (?,?,?,?,0,?,?,?,?,?,?,?)", batch.id().number(),
        batch.session().number(), batch.enqueueSeq(), WAITING, delivery.policy().text(), delivery.slot().text(),
        delivery.mergeKey(), batch.availableAt(), batch.enqueuedAt(), batch.sourceKey(),
        Json.of(batch.items().stream().map(Payload::json).toList()).text());
    if (!(batch.state() instanceof BatchState.Waiting)) {
      updateState(sql, batch.id(), batch.state());
    }
  }

  static void updateState(Sql sql, BatchId batch, BatchState state) {
    long id = batch.number();
    switch (state) {
      case BatchState.Waiting() -> update(sql, id, WAITING, null, null);
      case BatchState.Claimed(Claim claim, TurnId checkpointOf) -> update(sql, id, CLAIMED, checkpointOf, claim);
      case BatchState.Bound(TurnId turn, Claim claim) -> update(sql, id, BOUND, turn, claim);
      case BatchState.Completed(TurnId turn) -> update(sql, id, COMPLETED, turn, null);
      case BatchState.Cancelled() -> update(sql, id, CANCELLED, null, null);
    }
  }

  private static void update(Sql sql, long id, String state, @Nullable TurnId turn, @Nullable Claim claim) {
    sql.run("UPDATE batch SET state = ?, turn = ?, claim_id = ?, claim_token = ?, claim_generation = ?, "
        + "claimed_at = ? WHERE id = ?", state, turn == null ? null : turn.number(),
        claim == null ? null : claim.id(), claim == null ? null : claim.token(),
        claim == null ? 0 : claim.generation(), claim == null ? null : claim.claimedAt(), id);
  }

  /** @return how many batches of the session were free and are cancelled now */
  static int cancelFree(Sql sql, WorkerId session, long liveGeneration) {
    return sql.count(cancelled("SELECT id FROM batch WHERE worker = ? AND " + FREE
        + " AND (claim_generation = 0 OR claim_generation <> ?)"), session.number(), liveGeneration);
  }

  /** The same in all sessions; their heads count anew. */
  static void cancelAllFree(Sql sql, Instant now) {
    sql.run(cancelled("SELECT b.id FROM head h CROSS JOIN batch b ON b.worker = h.no AND b." + FREE
        + " WHERE h.queued_work > 0 AND (b.claim_generation = 0 "
        + "OR h.lease_token IS NULL OR h.lease_expires_at <= ? OR h.generation <> b.claim_generation)"), now);
    sql.run("UPDATE head SET queued_work = (SELECT count(*) FROM batch WHERE worker = head.no AND " + OPEN
        + ") WHERE queued_work > 0");
  }

  private static String cancelled(String ids) {
    return "UPDATE batch SET state = 'cancelled', turn = NULL, claim_id = NULL, claim_token = NULL, "
        + "claim_generation = 0, claimed_at = NULL WHERE id IN (" + ids + ")";
  }
}
