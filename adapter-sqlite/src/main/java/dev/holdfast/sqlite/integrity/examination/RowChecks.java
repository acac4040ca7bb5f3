package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditRecord;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.recovery.Finding;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Damage;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.database.Parts;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads every row of the hard tables as the store does, and holds numbers and counters against the rows. */
final class RowChecks {
  private static final int PAGE = 500;
  /** Tables with rows of one worker each, without a reference that SQLite would check. */
  private static final List<String> OF_WORKERS = List.of("input", "entry", "turn", "stamp", "batch");

  /** Workers with a row whose event or turn is of another, or of nobody. */
  private static final List<String> FOREIGN = List.of(
      "SELECT DISTINCT e.worker FROM entry e NOT INDEXED JOIN event v ON v.id = e.event_id WHERE v.worker IS NOT e.worker",
      "SELECT DISTINCT e.worker FROM entry e NOT INDEXED JOIN turn t ON t.id = e.turn WHERE t.worker <> e.worker",
      "SELECT DISTINCT e.worker FROM entry e NOT INDEXED JOIN head h ON h.no = e.worker WHERE e.event_id > h.last_event_id",
      "SELECT DISTINCT i.worker FROM input i NOT INDEXED JOIN event v ON v.id = i.id WHERE v.worker IS NOT i.worker");

  private final Sql sql;
  private final State state;
  private final long deadline;
  private final Map<Long, Damage> setAside = new TreeMap<>();
  private long events;
  private long workers;
  private @Nullable String absent;
  private @Nullable String fault;
  private @Nullable String softFault;

  /** @param deadline as {@link System#nanoTime} tells it; behind it {@link TimeIsOver} is thrown */
  RowChecks(Sql sql, long deadline) {
    this.sql = sql;
    this.state = SqliteStore.state(sql);
    this.deadline = deadline;
  }

  private void requireTime() {
    if (System.nanoTime() - deadline > 0) {
      throw new TimeIsOver();
    }
  }

  /** What was read, for people. */
  String text() {
    return String.format(Locale.ROOT, "%,d events of %,d workers", events, workers);
  }

  /** A table, or the runtime's row, that isn't there; null when all are. */
  @Nullable
  String absent() {
    return absent;
  }

  /** What is wrong with rows that are no single worker's; null when nothing is. */
  @Nullable
  String fault() {
    return fault;
  }

  /** What is wrong with diagnostics; null when nothing is. */
  @Nullable
  String softFault() {
    return softFault;
  }

  /** Workers whose rows are damaged. */
  List<Damage> setAside() {
    return List.copyOf(setAside.values());
  }

  /**
   * Whether every table is there, and the runtime's row where there are other rows.
   *
   * @return whether they are
   */
  boolean tables() {
    requireTime();
    absent = Parts.missing(sql).orElse(null);
    return absent == null;
  }

  void all() {
    events();
    json("event", "data");
    json("input", "options");
    foreign();
    readable("keys", () -> pages("", after -> state.keys(after, PAGE, null), key -> key.id()));
    readable("providers", () -> pages("", after -> state.providers(after, PAGE), provider -> provider.name()));
    readable("publishers", () -> pages("", after -> state.publishers(after, PAGE), publisher -> publisher.id()));
    readable("tasks", () -> pages("", after -> state.tasks(after, PAGE, null), task -> task.id()));
    readable("what was used", () -> pages(0L, after -> state.usage(after, PAGE), used -> used.seq()));
    readable("the audit", this::audit);
    readable("remembered calls", this::remembered);
    workers();
    readable("the runtime", this::counters);
    diagnostics();
    for (String table : OF_WORKERS) {
      if (count("SELECT count(*) FROM " + table + " NOT INDEXED WHERE worker NOT IN (SELECT no FROM worker)") > 0) {
        faulty("a row of " + table + " is of no worker");
      }
    }
  }

  private long count(String query) {
    return sql.first(query, row -> row.getLong(1)).orElse(0L);
  }

  private void faulty(String what) {
    fault = fault == null ? what : fault;
  }

  private void readable(String what, Runnable reading) {
    try {
      reading.run();
    } catch (StoreException e) {
      if (e.reason() != Reason.STORE_CORRUPT) {
        throw e;
      }
      faulty("a row of " + what + " can't be decoded");
    }
  }

  private static <T, K> long pages(K first, Function<K, List<T>> read, Function<T, K> key) {
    long count = 0;
    List<T> page = read.apply(first);
    while (!page.isEmpty()) {
      count += page.size();
      page = page.size() < PAGE ? List.of() : read.apply(key.apply(page.getLast()));
    }
    return count;
  }

  private void events() {
    long first = count("SELECT ifnull(min(id), 1) FROM event");
    long last = count("SELECT max(id) FROM event");
    if (count("SELECT count(*) FROM event NOT INDEXED") != last - first + 1) {
      faulty("the ids of events are not dense");
    }
    for (long from = first; from <= last; from += PAGE) {
      requireTime();
      try {
        events += state.events(from, PAGE, null).size();
      } catch (StoreException e) {
        eventsOneByOne(from, e);
      }
    }
  }

  /** What is only kept and answered isn't read as JSON by the store. */
  private void json(String table, String column) {
    for (long worker : sql.all("SELECT DISTINCT ifnull(worker, 0) FROM " + table + " NOT INDEXED WHERE " + column
        + " IS NOT NULL AND NOT json_valid(" + column + ") LIMIT " + PAGE, row -> row.getLong(1))) {
      if (worker > 0) {
        damaged(worker, "a row of it can't be decoded");
      } else {
        faulty("a row of " + table + " can't be decoded");
      }
    }
  }

  /** Rows that stand where a worker's own are, and are of another: what happened in them happened there (spec W-A20). */
  private void foreign() {
    for (String query : FOREIGN) {
      sql.all(query + " LIMIT " + PAGE, row -> row.getLong(1))
          .forEach(worker -> damaged(worker, "a row of another worker stands among its own"));
    }
  }

  private void eventsOneByOne(long from, StoreException why) {
    if (why.reason() != Reason.STORE_CORRUPT) {
      throw why;
    }
    for (long[] event : sql.all("SELECT id, ifnull(worker, 0) FROM event WHERE id >= ? ORDER BY id LIMIT " + PAGE,
        row -> new long[] {row.getLong(1), row.getLong(2)}, from)) {
      try {
        List<Event> found = state.events(event[0], 1, null);
        if (found.isEmpty() || found.getFirst().id() != event[0]) {
          throw sql.damaged("an event isn't where its id is");
        }
      } catch (StoreException e) {
        if (event[1] > 0) {
          damaged(event[1], "an event of it can't be decoded");
        } else {
          faulty("an event can't be decoded");
        }
      }
    }
  }

  private void damaged(long worker, String what) {
    setAside.putIfAbsent(worker, new Damage(new Finding(Reason.WORKER_QUARANTINED, new WorkerId(worker).value(), what),
        Impact.DEGRADED));
  }

  private void audit() {
    long count = pages(0L, after -> state.audit(after, PAGE, null, null), AuditRecord::seq);
    long last = count("SELECT max(seq) FROM audit");
    if ((count > 0 && count != last - state.auditAnchor().seq()) || state.auditHead().seq() != last) {
      faulty("the audit isn't dense up to its head");
    }
  }

  private void remembered() {
    var page = state.remembered("", "", PAGE);
    while (!page.isEmpty()) {
      page = page.size() < PAGE ? List.of() : state.remembered(page.getLast().scope(), page.getLast().key(), PAGE);
    }
  }

  private void workers() {
    var checks = new WorkerChecks(sql, state);
    for (long no : sql.all("SELECT no FROM worker UNION SELECT no FROM head ORDER BY no", row -> row.getLong(1))) {
      requireTime();
      workers++;
      checks.fault(new WorkerId(no)).ifPresent(what -> damaged(no, what));
    }
  }

  private void counters() {
    RuntimeState runtime = state.runtime().orElse(null);
    if (runtime == null) {
      return;
    }
    Map<WorkerStatus, Integer> counts = new TreeMap<>();
    sql.all("SELECT status, count(*) FROM head GROUP BY status", row -> {
      String status = row.getString(1);
      for (WorkerStatus known : WorkerStatus.values()) {
        if (known.name().toLowerCase(Locale.ROOT).equals(status)) {
          counts.put(known, row.getInt(2));
        }
      }
      return true;
    });
    var told = runtime.counts();
    List<Integer> expected = List.of(told.running(), told.stopped(), told.cancelled(), told.quarantined());
    List<Integer> found = new ArrayList<>();
    for (WorkerStatus status : List.of(WorkerStatus.RUNNING, WorkerStatus.STOPPED, WorkerStatus.CANCELLED,
        WorkerStatus.QUARANTINED)) {
      found.add(counts.getOrDefault(status, 0));
    }
    // A worker that is set aside for its status is in no count.
    if (runtime.lastWorkerNumber() != count("SELECT count(*) FROM worker")
        || runtime.lastWorkerNumber() < count("SELECT max(no) FROM worker")
        || (!expected.equals(found) && setAside.isEmpty())) {
      faulty("the runtime's counters are not those of its workers");
    }
    if (runtime.statusEventId() > count("SELECT max(id) FROM event")) {
      faulty("the runtime tells of an event that is not there");
    }
  }

  private void diagnostics() {
    try {
      long count = pages(0L, after -> state.diagnostics(after, PAGE, null, null), diagnostic -> diagnostic.id());
      RuntimeState runtime = fault == null ? state.runtime().orElse(null) : null;
      if (runtime != null && (runtime.diagnostics().kept() != count
          || runtime.diagnostics().lastId() < count("SELECT max(id) FROM diagnostic"))) {
        softFault = "the counters of diagnostics are not those of their rows";
      }
    } catch (StoreException e) {
      if (e.reason() != Reason.STORE_CORRUPT) {
        throw e;
      }
      softFault = "a diagnostic can't be decoded";
    }
  }
}
