package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.BatchId;
import dev.holdfast.domain.InputId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.inputs.Boundary;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputReads;
import dev.holdfast.domain.turns.queue.Batch;
import dev.holdfast.domain.turns.queue.QueueReads;
import dev.holdfast.domain.turns.queue.WorkQueue;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reading the rows of inputs and queued work. Where a session's counters say that nothing waits, nothing is looked for.
 */
abstract class QueueRows extends CatalogueRows implements InputReads, QueueReads {
  QueueRows(Sql sql) {
    super(sql);
  }

  @Override
  public WorkQueue workQueue(WorkerId session) {
    return head(session).map(Head::queue).orElseGet(() -> WorkQueue.empty(session));
  }

  @Override
  public Optional<Input> input(InputId id) {
    return any(id).filter(this::isKnown);
  }

  private Optional<Input> any(InputId id) {
    return sql.first("SELECT * FROM input WHERE id = ?", InputRows::read, id.number());
  }

  private boolean isKnown(Input input) {
    return input.enqueueSeq() > pruned(input.session()).work();
  }

  @Override
  public Optional<TranscriptEntry> entryOf(InputId id) {
    return any(id).map(Input::entry).filter(entry -> entry.sequence() > pruned(entry.worker()).transcript());
  }

  @Override
  public Optional<Input> inputBySourceKey(WorkerId session, String sourceKey) {
    return sql.first("SELECT * FROM input WHERE worker = ? AND source_key = ?", InputRows::read, session.number(),
        sourceKey).filter(this::isKnown);
  }

  /** Empty when no input of the session waits. */
  private Optional<Head> waiting(WorkerId session) {
    return head(session).filter(found -> found.queue().pendingInputs() > 0);
  }

  @Override
  public boolean hasPendingUserInput(WorkerId session) {
    return waiting(session).flatMap(head -> sql.first("SELECT 1 FROM input WHERE worker = ? AND id >= ? "
        + "AND state = 'deferred' AND kind = 'user' LIMIT 1", row -> true, session.number(), head.firstPending()))
        .isPresent();
  }

  @Override
  public List<Input> pendingInputs(WorkerId session, int limit) {
    return waiting(session).map(head -> sql.all("SELECT * FROM ("
        + "SELECT * FROM (SELECT * FROM input WHERE worker = ?1 AND id >= ?2 AND state = 'deferred' ORDER BY id "
        + "LIMIT ?3) UNION ALL "
        + "SELECT * FROM (SELECT * FROM input INDEXED BY input_active WHERE worker = ?1 AND state = 'pending' "
        + "ORDER BY id LIMIT ?3)) "
        + "ORDER BY id LIMIT ?3", InputRows::read, session.number(), head.firstPending(), limit)).orElseGet(List::of);
  }

  @Override
  public List<Input> nextTurnInputs(WorkerId session, int limit) {
    return waiting(session).map(head -> sql.all("SELECT * FROM input WHERE worker = ? AND id >= ? "
        + "AND state = 'deferred' ORDER BY id LIMIT ?", InputRows::read, session.number(), head.firstPending(), limit))
        .orElseGet(List::of);
  }

  @Override
  public List<Input> activeInputs(WorkerId session, TurnId turn, Boundary checkpoint, int limit) {
    return waiting(session).map(_ -> sql.all("SELECT * FROM input WHERE worker = ?1 AND turn = ?2 "
        + "AND state = 'pending' AND (boundary = 'after_work' OR ?3 = 'before_completion') ORDER BY id LIMIT ?4",
        InputRows::read, session.number(), turn.number(), checkpoint.text(), limit)).orElseGet(List::of);
  }

  @Override
  public List<Input> heldInputs(WorkerId session) {
    return sql.all("SELECT * FROM input WHERE worker = ? AND " + InputRows.HELD + " ORDER BY id", InputRows::read,
        session.number());
  }

  @Override
  public List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    return sql.all("SELECT * FROM input WHERE worker = ? AND id > ?" + InputRows.inState(state)
        + " ORDER BY id LIMIT ?", InputRows::read, session.number(),
        lastInputUpTo(session, "enqueue_seq", Math.max(after, pruned(session).work())), limit);
  }

  @Override
  public Optional<Batch> batch(BatchId id) {
    return any(id).filter(this::isKnown);
  }

  private Optional<Batch> any(BatchId id) {
    return sql.first("SELECT * FROM batch WHERE id = ?", BatchRows::read, id.number());
  }

  private boolean isKnown(Batch batch) {
    return batch.enqueueSeq() > pruned(batch.session()).work();
  }

  @Override
  public Optional<Batch> taken(BatchId id) {
    return any(id).flatMap(batch -> {
      if (isKnown(batch)) {
        return Optional.of(batch);
      }
      return batch.turn() == null || batch.enqueueSeq() <= pruned(batch.session()).batches()
          ? Optional.empty()
          : Optional.of(batch.withoutKey());
    });
  }

  @Override
  public List<Batch> forgottenBatches(WorkerId session, long after, int limit) {
    Pruned gone = pruned(session);
    return gone.work() == 0
        ? List.of()
        : sql.all("SELECT * FROM batch WHERE worker = ? AND enqueue_seq > ? AND enqueue_seq <= ? AND turn IS NOT NULL "
            + "ORDER BY enqueue_seq LIMIT ?", BatchRows::read, session.number(), Math.max(after, gone.batches()),
            gone.work(), limit).stream().map(Batch::withoutKey).toList();
  }

  @Override
  public Optional<Batch> batchBySourceKey(WorkerId session, String sourceKey) {
    return sql.first("SELECT * FROM batch WHERE worker = ? AND source_key = ?", BatchRows::read, session.number(),
        sourceKey).filter(this::isKnown);
  }

  private boolean hasQueuedWork(WorkerId session) {
    return head(session).filter(found -> found.queue().queuedWork() > 0).isPresent();
  }

  /** Those without a claim in their order, then those of dead generations on both sides of the live one. */
  @Override
  public List<Batch> readyBatches(WorkerId session, Instant now, long liveGeneration, int limit) {
    if (!hasQueuedWork(session)) {
      return List.of();
    }
    String free = "SELECT * FROM (SELECT * FROM batch WHERE worker = ?1 AND available_at <= ?2 AND " + BatchRows.FREE
        + " AND claim_generation ";
    String first = " ORDER BY enqueue_seq LIMIT ?4) ";
    return sql.all("SELECT * FROM (" + free + "= 0" + first + "UNION ALL " + free + "> 0 AND claim_generation < ?3"
        + first + "UNION ALL " + free + "> ?3" + first + ") ORDER BY enqueue_seq LIMIT ?4", BatchRows::read,
        session.number(), now, liveGeneration, limit);
  }

  @Override
  public List<Batch> claimedBatches(WorkerId session, long generation) {
    return generation == 0 || !hasQueuedWork(session)
        ? List.of()
        : sql.all("SELECT * FROM batch WHERE worker = ? AND " + BatchRows.FREE + " AND claim_generation = ? "
            + "ORDER BY enqueue_seq", BatchRows::read, session.number(), generation);
  }

  @Override
  public List<Batch> batches(WorkerId session, long after, int limit, @Nullable String state) {
    String which = switch (state) {
      case null -> "";
      case "waiting" -> " AND " + BatchRows.OPEN;
      case "completed" -> " AND state = 'completed'";
      case "cancelled" -> " AND state = 'cancelled'";
      default -> " AND 0";
    };
    return sql.all("SELECT * FROM batch WHERE worker = ?1 AND enqueue_seq > ?2" + which
        + " ORDER BY enqueue_seq LIMIT ?3", BatchRows::read, session.number(), Math.max(after, pruned(session).work()),
        limit);
  }
}
