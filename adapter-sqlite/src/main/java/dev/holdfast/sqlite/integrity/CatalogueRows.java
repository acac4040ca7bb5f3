package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.InputId;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.EventReads;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.CreateWorkerJson;
import dev.holdfast.domain.workers.Diagnostic;
import dev.holdfast.domain.workers.Remembered;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.TranscriptEntry;
import dev.holdfast.domain.workers.Worker;
import dev.holdfast.domain.workers.WorkerReads;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.pruning.PrunedRows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reading the catalogue's and the feed's rows. */
abstract class CatalogueRows implements WorkerReads, EventReads {
  /** By position, and without a null to ask for again: a page has many rows, and each look at a row is a call into C. */
  private static final String EVENT = "SELECT id, ifnull(worker, 0), name, at, actor, data, note FROM event ";

  final Sql sql;

  CatalogueRows(Sql sql) {
    this.sql = sql;
  }

  /** The writer keeps heads in memory, so it has its own. */
  Optional<Head> head(WorkerId id) {
    return sql.first("SELECT " + Head.COLUMNS + " FROM " + Head.TABLES + " WHERE h.no = ?", Head::read, id.number());
  }

  /** Called before a query over heads; the writer brings its rows up to date then. */
  void beforeHeadQuery() {}

  @Override
  public long lastEventId() {
    return Math.max(lastPrunedEvent(), sql.first("SELECT max(id) FROM event", row -> row.getLong(1)).orElse(0L));
  }

  /** The writer keeps these marks in memory. */
  PrunedRows.OfRuntime prunedOfRuntime() {
    return PrunedRows.ofRuntime(sql);
  }

  @Override
  public final long lastPrunedEvent() {
    return prunedOfRuntime().events();
  }

  @Override
  public Pruned pruned(WorkerId id) {
    return PrunedRows.of(sql, id);
  }

  @Override
  public List<Event> events(long fromId, int limit, @Nullable WorkerId worker) {
    long from = Math.max(fromId, lastPrunedEvent() + 1);
    return worker == null
        ? sql.all(EVENT + "WHERE id >= ? ORDER BY id LIMIT ?", CatalogueRows::readEvent, from, limit)
        : sql.all(EVENT + "WHERE id IN ("
            + "SELECT id FROM (SELECT id FROM input WHERE worker = ?1 AND id >= ?2 ORDER BY id LIMIT ?3) UNION ALL "
            + "SELECT id FROM (SELECT id FROM event WHERE worker = ?1 AND id >= ?2 "
            + "AND name <> 'worker.input_accepted' ORDER BY id LIMIT ?3)) ORDER BY id LIMIT ?3",
            CatalogueRows::readEvent, worker.number(), from, limit);
  }

  private static Event readEvent(ResultSet row) throws SQLException {
    long worker = row.getLong(2);
    return new Event(row.getLong(1), worker == 0 ? null : new WorkerId(worker), EventName.of(row.getString(3)),
        Sql.instant(row.getLong(4)), row.getString(5), Json.canonical(row.getString(6)), row.getString(7));
  }

  private static @Nullable WorkerId optionalWorker(ResultSet row) throws SQLException {
    long number = row.getLong("worker");
    return row.wasNull() ? null : new WorkerId(number);
  }

  @Override
  public Optional<RuntimeState> runtime() {
    return sql.first("SELECT * FROM runtime", row -> new RuntimeState(new RuntimeId(row.getString("id")),
        row.getString("display_name"), new RuntimeLimits(row.getInt("max_projection"), row.getInt("max_batch")),
        RuntimeStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)), row.getLong("status_event_id"),
        row.getLong("last_worker_number"),
        new RuntimeState.WorkerCounts(row.getInt("running"), row.getInt("stopped"), row.getInt("cancelled"),
            row.getInt("quarantined")),
        new RuntimeState.DiagnosticCounts(row.getLong("last_diagnostic_id"), row.getInt("diagnostics_kept"),
            row.getLong("diagnostics_dropped")),
        Sql.instant(row, "created_at")));
  }

  @Override
  public Optional<Worker> worker(WorkerId id) {
    return head(id).map(Head::worker);
  }

  @Override
  public Optional<CreateWorker> request(WorkerId id) {
    return sql.first("SELECT request FROM worker WHERE no = ?",
        row -> CreateWorkerJson.read(Json.canonical(row.getString(1))), id.number());
  }

  @Override
  public List<Worker> workers(long after, int limit, @Nullable WorkerStatus status, @Nullable String owner) {
    beforeHeadQuery();
    var where = new StringBuilder(" WHERE h.no > ?");
    var parameters = new ArrayList<@Nullable Object>(List.of(after));
    if (status != null) {
      where.append(" AND h.status = ?");
      parameters.add(status.text());
    }
    if (owner != null) {
      where.append(" AND w.owner = ?");
      parameters.add(owner);
    }
    parameters.add(limit);
    return sql.all("SELECT " + Head.COLUMNS + " FROM " + Head.TABLES + where + " ORDER BY h.no LIMIT ?",
        row -> Head.read(row).worker(), parameters.toArray());
  }

  /** Both kinds of entries lie in order in an index of their own; the page is their merge. */
  @Override
  public List<TranscriptEntry> transcript(WorkerId id, long start, int limit) {
    long first = Math.max(start, pruned(id).transcript());
    return sql.all("SELECT * FROM (SELECT transcript_seq AS seq, kind AS role, content, id AS event_id, "
        + "enqueued_at AS at, NULL AS turn, 0 AS attempt, 0 AS commit_no, 'final' AS status, worker FROM input "
        + "WHERE worker = ?1 AND id > ?2 ORDER BY id LIMIT ?4) UNION ALL "
        + "SELECT seq, role, content, event_id, at, turn, attempt, commit_no, status, worker FROM entry "
        + "WHERE worker = ?1 AND seq > ?3 AND seq <= ?3 + ?4 ORDER BY seq LIMIT ?4", CatalogueRows::readEntry,
        id.number(), lastInputUpTo(id, "transcript_seq", first), first, limit);
  }

  /**
   * The id of the last input whose number in {@code column} isn't above {@code number}, 0 when there is none. Ids and these
   * numbers grow together, so it is found in the order of the ids, by halving.
   */
  long lastInputUpTo(WorkerId worker, String column, long number) {
    String probe =
        "SELECT id, " + column + " FROM input WHERE worker = ? AND id > ? AND id <= ? ORDER BY id DESC LIMIT 1";
    long answer = 0;
    long low = 0;
    long high = number == 0 ? 0 : head(worker).map(head -> head.worker().lastEventId()).orElse(0L);
    while (low < high) {
      long middle = high - (high - low) / 2;
      Optional<long[]> found =
          sql.first(probe, row -> new long[] {row.getLong(1), row.getLong(2)}, worker.number(), low, middle);
      if (found.isPresent() && (found.get()[0] <= low || found.get()[0] > middle)) {
        throw sql.damaged("its inputs are not in order");
      }
      if (found.isPresent() && found.get()[1] > number) {
        high = found.get()[0] - 1;
      } else {
        answer = found.map(row -> row[0]).orElse(answer);
        low = middle;
      }
    }
    return answer;
  }

  static TranscriptEntry readEntry(ResultSet row) throws SQLException {
    long eventId = row.getLong("event_id");
    long turn = row.getLong("turn");
    TranscriptEntry.Origin origin = row.wasNull()
        ? new TranscriptEntry.Origin.FromInput(new InputId(eventId))
        : new TranscriptEntry.Origin.FromTurn(new TurnId(turn), row.getInt("attempt"), row.getInt("commit_no"));
    return new TranscriptEntry(row.getLong("seq"), new WorkerId(row.getLong("worker")),
        TranscriptEntry.Role.valueOf(row.getString("role").toUpperCase(Locale.ROOT)), row.getString("content"), eventId,
        Sql.instant(row, "at"), origin,
        TranscriptEntry.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)));
  }

  @Override
  public Optional<Remembered> remembered(String scope, String key) {
    return sql.first("SELECT * FROM remembered WHERE scope = ? AND key = ?", CatalogueRows::readRemembered, scope, key);
  }

  @Override
  public List<Remembered> remembered(String afterScope, String afterKey, int limit) {
    return sql.all("SELECT * FROM remembered WHERE (scope, key) > (?, ?) ORDER BY scope, key LIMIT ?",
        CatalogueRows::readRemembered, afterScope, afterKey, limit);
  }

  private static Remembered readRemembered(ResultSet row) throws SQLException {
    return new Remembered(row.getString("scope"), row.getString("key"), row.getString("fingerprint"),
        row.getString("object"), Sql.instant(row, "at"));
  }

  @Override
  public List<Diagnostic> diagnostics(
      long after, int limit, Diagnostic.@Nullable Severity severity, @Nullable WorkerId worker) {
    return sql.all("SELECT * FROM diagnostic WHERE id > ? AND (?2 IS NULL OR severity = ?2) "
        + "AND (?3 IS NULL OR worker = ?3) ORDER BY id LIMIT ?4", CatalogueRows::readDiagnostic, after,
        severity == null ? null : severity.text(), worker == null ? null : worker.number(), limit);
  }

  private static Diagnostic readDiagnostic(ResultSet row) throws SQLException {
    return new Diagnostic(row.getLong("id"), Sql.instant(row, "at"),
        Diagnostic.Severity.valueOf(row.getString("severity").toUpperCase(Locale.ROOT)),
        Diagnostic.Code.of(row.getString("code")), row.getString("note"), optionalWorker(row));
  }

  @Override
  public List<Diagnostic> droppableDiagnostics(int limit) {
    List<Diagnostic> found =
        new ArrayList<>(sql.all("SELECT * FROM diagnostic WHERE severity = 'info' ORDER BY id LIMIT ?",
            CatalogueRows::readDiagnostic, limit));
    if (found.size() < limit) {
      found.addAll(sql.all("SELECT * FROM diagnostic WHERE severity <> 'info' ORDER BY id LIMIT ?",
          CatalogueRows::readDiagnostic, limit - found.size()));
    }
    return found;
  }
}
