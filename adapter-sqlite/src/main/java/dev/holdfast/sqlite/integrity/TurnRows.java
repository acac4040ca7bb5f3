package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Checkpoint;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Stamp;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.inputs.InputQueue;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.TranscriptEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the rows of sessions, leases, inputs, turns and their output. */
abstract class TurnRows extends CatalogueRows implements TurnReads {
  /** The most records of one row: what is read beyond a limit is bounded by it. */
  static final int RECORDS_PER_ROW = 64;

  TurnRows(Sql sql) {
    super(sql);
  }

  @Override
  public Lease lease(WorkerId session) {
    return head(session).map(Head::lease).orElseGet(() -> new Lease.Free(session, 0));
  }

  @Override
  public List<Lease.Held> leasesHeldBy(String ownerId, long after, int limit) {
    beforeHeadQuery();
    return sql.all("SELECT " + Head.COLUMNS + " FROM " + Head.TABLES + " WHERE h.lease_owner = ? AND h.no > ? "
        + "AND h.lease_token IS NOT NULL ORDER BY h.no LIMIT ?", row -> (Lease.Held) Head.read(row).lease(), ownerId,
        after, limit);
  }

  @Override
  public InputQueue inputQueue(WorkerId session) {
    return head(session).map(Head::queue).orElseGet(() -> InputQueue.empty(session));
  }

  @Override
  public Session session(WorkerId id) {
    return head(id).map(Head::session).orElseGet(() -> Session.initial(id));
  }

  @Override
  public Optional<Input> input(InputId id) {
    return sql.first("SELECT * FROM input WHERE id = ?", InputRows::read, id.number());
  }

  @Override
  public Optional<Input> inputBySourceKey(WorkerId session, String sourceKey) {
    return sql.first("SELECT * FROM input WHERE worker = ? AND source_key = ?", InputRows::read, session.number(),
        sourceKey);
  }

  @Override
  public List<Input> pendingInputs(WorkerId session, int limit) {
    return sql.all("SELECT * FROM input WHERE worker = ? AND state = 'deferred' ORDER BY enqueue_seq LIMIT ?",
        InputRows::read, session.number(), limit);
  }

  /** Inputs enter the transcript in the order in which they are enqueued, so the one index serves both. */
  @Override
  public List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    List<Input> found = new ArrayList<>();
    long from = transcriptSeqOf(session, after);
    while (found.size() < limit) {
      List<Input> page = sql.all("SELECT * FROM input WHERE worker = ? AND transcript_seq > ? "
          + "ORDER BY transcript_seq LIMIT ?", InputRows::read, session.number(), from, limit);
      page.stream().filter(input -> state == null || input.state().text().equals(state))
          .limit(limit - (long) found.size()).forEach(found::add);
      if (page.size() < limit) {
        break;
      }
      from = page.getLast().transcriptSequence();
    }
    return found;
  }

  /** Both numbers grow together, so the place of the one is found in the order of the other by halving. */
  private long transcriptSeqOf(WorkerId session, long enqueueSeq) {
    long low = enqueueSeq == 0 ? 0 : enqueueSeq - 1;
    long high = enqueueSeq == 0 ? 0 : head(session).map(head -> head.worker().transcriptLength()).orElse(0L);
    while (low < high) {
      long middle = low + (high - low) / 2;
      // The first input behind the middle: is it at or before the one that is looked for?
      long seen = sql.first("SELECT enqueue_seq FROM input WHERE worker = ? AND transcript_seq > ? "
          + "ORDER BY transcript_seq LIMIT 1", row -> row.getLong(1), session.number(), middle).orElse(Long.MAX_VALUE);
      if (seen <= enqueueSeq) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public Optional<Turn> turn(TurnId id) {
    return sql.first("SELECT * FROM turn WHERE id = ?", TurnTexts::read, id.number());
  }

  @Override
  public List<Turn> turns(WorkerId session, long afterIndex, int limit) {
    return sql.all("SELECT * FROM turn WHERE worker = ? AND turn_index > ? ORDER BY turn_index LIMIT ?",
        TurnTexts::read, session.number(), afterIndex, limit);
  }

  @Override
  public List<TranscriptEntry> entriesOf(TurnId turn) {
    return sql.all("SELECT * FROM entry WHERE turn = ? ORDER BY no", CatalogueRows::readEntry, turn.number());
  }

  @Override
  public List<OutputRecord> output(TurnId turn, OutputCursor after, int limit) {
    List<OutputRecord> found = new ArrayList<>();
    OutputCursor from = after;
    while (found.size() < limit) {
      List<List<OutputRecord>> rows = sql.all("SELECT * FROM output WHERE turn = ? AND (attempt, last_seq) > (?, ?) "
          + "ORDER BY attempt, last_seq LIMIT ?", row -> TurnTexts.readRecords(turn, row), turn.number(),
          from.attempt(), from.seq(), Math.max(1, limit / RECORDS_PER_ROW));
      if (rows.isEmpty()) {
        return found;
      }
      for (List<OutputRecord> records : rows) {
        records.stream().filter(record -> record.cursor().compareTo(after) > 0)
            .limit(limit - (long) found.size()).forEach(found::add);
      }
      from = rows.getLast().getLast().cursor();
    }
    return found;
  }

  @Override
  public Optional<Stamp> stamp(Stamp.Key key) {
    return sql.first("SELECT * FROM stamp WHERE turn = ? AND attempt = ? AND commit_no = ?", row -> {
      var result = new Stamp.Result(row.getLong("head_revision"),
          Checkpoint.read(JsonMembers.of(Json.canonical(row.getString("checkpoint")))), row.getLong("event_id"),
          TurnTexts.numbers(row.getString("sequences")));
      return new Stamp(key, row.getString("hash"), result);
    }, key.turn().number(), key.attempt(), key.commitNo());
  }

  @Override
  public List<WorkerId> workableSessions(Instant now, long after, int limit) {
    beforeHeadQuery();
    return sql.all("SELECT h.no FROM " + Head.TABLES + " WHERE (h.open_turn IS NOT NULL OR h.pending_inputs > 0) "
        + "AND h.no > ? AND w.execution = 'builtin' AND (h.lease_token IS NULL OR h.lease_expires_at <= ?) "
        + "AND (h.open_turn IS NOT NULL OR EXISTS (SELECT 1 FROM input i WHERE i.worker = h.no "
        + "AND i.state = 'deferred' AND i.kind = 'user')) ORDER BY h.no LIMIT ?", row -> new WorkerId(row.getLong(1)),
        after, now, limit);
  }
}
