package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.inputs.Input;
import dev.holdfast.domain.turns.queue.WorkQueue;
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
    return sql.all("SELECT " + Head.COLUMNS + " FROM " + Head.TABLES + " WHERE s.lease_owner = ? AND s.no > ? "
        + "AND s.lease_token IS NOT NULL ORDER BY s.no LIMIT ?", row -> (Lease.Held) Head.read(row).lease(), ownerId,
        after, limit);
  }

  @Override
  public WorkQueue workQueue(WorkerId session) {
    return head(session).map(Head::queue).orElseGet(() -> WorkQueue.empty(session));
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
  public boolean hasPendingUserInput(WorkerId session) {
    Optional<Head> head = head(session).filter(found -> found.queue().pending() > 0);
    return head.isPresent() && sql.first("SELECT 1 FROM input WHERE worker = ? AND id >= ? AND state = 'deferred' "
        + "AND kind = 'user' LIMIT 1", row -> true, session.number(), head.get().firstPending()).isPresent();
  }

  @Override
  public List<Input> pendingInputs(WorkerId session, int limit) {
    long first = head(session).map(Head::firstPending).orElse(0L);
    return sql.all("SELECT * FROM input WHERE worker = ? AND id >= ? AND state = 'deferred' ORDER BY id LIMIT ?",
        InputRows::read, session.number(), first, limit);
  }

  @Override
  public List<Input> inputs(WorkerId session, long after, int limit, @Nullable String state) {
    List<Input> found = new ArrayList<>();
    long from = lastInputUpTo(session, "enqueue_seq", after);
    while (found.size() < limit) {
      List<Input> page = sql.all("SELECT * FROM input WHERE worker = ? AND id > ? ORDER BY id LIMIT ?", InputRows::read,
          session.number(), from, limit);
      page.stream().filter(input -> state == null || input.state().text().equals(state))
          .limit(limit - (long) found.size()).forEach(found::add);
      if (page.size() < limit) {
        break;
      }
      long last = page.getLast().id().number();
      if (last <= from) {
        throw sql.damaged("its inputs are not in order");
      }
      from = last;
    }
    return found;
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
      from = next(from, rows.getLast());
    }
    return found;
  }

  /** In a damaged index the rows of a page may not come behind those of the page before, and nobody would find its end. */
  private OutputCursor next(OutputCursor from, List<OutputRecord> row) {
    if (row.isEmpty() || row.getLast().cursor().compareTo(from) <= 0) {
      throw sql.damaged("its output records are not in order");
    }
    return row.getLast().cursor();
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
    return sql.all("SELECT h.no FROM head h JOIN worker w ON w.no = h.no LEFT JOIN session s ON s.no = h.no "
        + "WHERE h.no IN (SELECT no FROM head WHERE pending_inputs > 0 AND no > ?1 UNION "
        + "SELECT no FROM session WHERE open_turn IS NOT NULL AND no > ?1) "
        + "AND w.execution = 'builtin' AND (s.lease_token IS NULL OR s.lease_expires_at <= ?2) "
        + "AND (s.open_turn IS NOT NULL OR EXISTS (SELECT 1 FROM input i WHERE i.worker = h.no "
        + "AND i.id >= h.first_pending AND i.state = 'deferred' AND i.kind = 'user')) ORDER BY h.no LIMIT ?3",
        row -> new WorkerId(row.getLong(1)), after, now, limit);
  }
}
