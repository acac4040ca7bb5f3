package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.turns.Admission;
import dev.holdfast.domain.turns.Session;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.TurnReads;
import dev.holdfast.domain.turns.commits.Checkpoint;
import dev.holdfast.domain.turns.commits.Stamp;
import dev.holdfast.domain.turns.leases.Lease;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputRecord;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reading the rows of sessions, leases, turns and their output. */
abstract class TurnRows extends QueueRows implements TurnReads {
  /** The most records of one row: what is read beyond a limit is bounded by it. */
  static final int RECORDS_PER_ROW = 64;

  /** What waits counts in running workers only; without a live lease every claim is dead (spec T-11). */
  private static final String READY = "(h.status = 'running' AND (EXISTS (SELECT 1 FROM input i WHERE i.worker = h.no "
      + "AND i.id >= h.first_pending AND i.state = 'deferred' AND i.kind = 'user' AND h.pending_inputs > 0) "
      + "OR EXISTS (SELECT 1 FROM batch b WHERE b.worker = h.no AND b." + BatchRows.FREE + " AND b.available_at <= ?2 "
      + "AND h.queued_work > 0)))";

  TurnRows(Sql sql) {
    super(sql);
  }

  @Override
  public Lease lease(WorkerId session) {
    return head(session).map(Head::lease).orElseGet(() -> new Lease.Free(session, 0));
  }

  /** Looks at every session: who asks for leases does so at a start. */
  @Override
  public List<Lease.Held> leases(long after, int limit) {
    beforeHeadQuery();
    return sql.all("SELECT " + Head.COLUMNS + " FROM " + Head.TABLES + " WHERE h.no > ? "
        + "AND h.lease_token IS NOT NULL ORDER BY h.no LIMIT ?", row -> (Lease.Held) Head.read(row).lease(), after,
        limit);
  }

  @Override
  public Session session(WorkerId id) {
    return head(id).map(Head::session).orElseGet(() -> Session.initial(id));
  }

  @Override
  public Optional<Turn> turn(TurnId id) {
    return sql.first("SELECT * FROM turn WHERE id = ?", TurnTexts::read, id.number()).map(this::withOutput);
  }

  @Override
  public List<Turn> turns(WorkerId session, long afterIndex, int limit) {
    return sql.all("SELECT * FROM turn WHERE worker = ? AND turn_index > ? ORDER BY turn_index LIMIT ?",
        TurnTexts::read, session.number(), afterIndex, limit).stream().map(this::withOutput).toList();
  }

  /** Appending output doesn't write the turn, so an open one's newest number is the output's. */
  private Turn withOutput(Turn turn) {
    if (!turn.isOpen()) {
      return turn;
    }
    long known = turn.lastAttempt().lastOutputSeq();
    return sql.first("SELECT last_seq FROM output WHERE turn = ? AND attempt = ? AND last_seq > ? "
        + "ORDER BY last_seq DESC LIMIT 1", row -> row.getLong(1), turn.id().number(), turn.lastAttempt().number(),
        known).map(turn::withOutput).orElse(turn);
  }

  @Override
  public List<Admission> admissions(TurnId turn) {
    return sql.all("SELECT * FROM admission WHERE turn = ? ORDER BY event_id",
        row -> TurnTexts.readAdmission(turn, row), turn.number());
  }

  @Override
  public List<TranscriptEntry> entriesOf(TurnId turn) {
    return sql.all("SELECT * FROM entry WHERE turn = ? AND seq > ifnull((SELECT transcript FROM pruned p "
        + "WHERE p.worker = entry.worker), 0) ORDER BY no", CatalogueRows::readEntry, turn.number());
  }

  @Override
  public List<OutputRecord> output(TurnId turn, OutputCursor after, int limit) {
    List<OutputRecord> found = new ArrayList<>();
    if (PrunedRows.isOutputGone(sql, turn)) {
      return found;
    }
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
          TurnTexts.numbers(row.getString("sequences")), row.getLong("last_output_seq"));
      return new Stamp(key, row.getString("hash"), result);
    }, key.turn().number(), key.attempt(), key.commitNo());
  }

  @Override
  public List<WorkerId> workableSessions(Workable which, Instant now, long after, int limit) {
    beforeHeadQuery();
    // UNION alone would have each part in order, and for that read every head instead of the index by expiry.
    String open = "SELECT no FROM head WHERE open_turn IS NOT NULL AND lease_expires_at IS NULL AND no > ?1 "
        + "UNION ALL SELECT no FROM head WHERE open_turn IS NOT NULL AND lease_expires_at <= ?2 AND no > ?1";
    String waiting = which.openOnly()
        ? ""
        : " UNION ALL SELECT no FROM head WHERE pending_inputs > 0 AND no > ?1 "
            + "UNION ALL SELECT no FROM head WHERE queued_work > 0 AND no > ?1";
    return sql.all("SELECT h.no FROM head h JOIN worker w ON w.no = h.no "
        + "WHERE h.no IN (" + open + waiting + ") AND w.execution = ?3 AND (?4 IS NULL OR w.owner = ?4) "
        + "AND (h.lease_token IS NULL OR h.lease_expires_at <= ?2) AND (h.open_turn IS NOT NULL"
        + (which.openOnly() ? "" : " OR " + READY) + ") ORDER BY h.no LIMIT ?5", row -> new WorkerId(row.getLong(1)),
        after, now, which.execution().name().toLowerCase(Locale.ROOT), which.owner(), limit);
  }
}
