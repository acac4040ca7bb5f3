package dev.holdfast.sqlite.integrity.pruning;

import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.access.AuditHead;
import dev.holdfast.domain.workers.retention.Pruned;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;

/** The marks up to which rows were pruned. */
public final class PrunedRows {
  private static final HexFormat HEX = HexFormat.of();

  private PrunedRows() {}

  /**
   * What belongs to no worker.
   *
   * @param events the last event that is gone
   */
  public record OfRuntime(long events, AuditHead audit) {
    static final OfRuntime NOTHING = new OfRuntime(0, AuditHead.NONE);
  }

  public static OfRuntime ofRuntime(Sql sql) {
    return sql.first("SELECT events, audit_seq, audit_mac FROM pruned_runtime", row -> new OfRuntime(row.getLong(1),
        new AuditHead(row.getLong(2), HEX.formatHex(row.getBytes(3))))).orElse(OfRuntime.NOTHING);
  }

  public static void put(Sql sql, OfRuntime marks) {
    sql.run("INSERT OR REPLACE INTO pruned_runtime (one, events, audit_seq, audit_mac) VALUES (1,?,?,?)",
        marks.events(), marks.audit().seq(), HEX.parseHex(marks.audit().mac()));
  }

  public static Pruned of(Sql sql, WorkerId worker) {
    return sql.first("SELECT * FROM pruned WHERE worker = ?", PrunedRows::read, worker.number())
        .orElseGet(() -> Pruned.nothing(worker));
  }

  public static List<Pruned> all(Sql sql) {
    return sql.all("SELECT * FROM pruned", PrunedRows::read);
  }

  private static Pruned read(ResultSet row) throws SQLException {
    return new Pruned(new WorkerId(row.getLong("worker")), row.getLong("transcript"), row.getLong("work"),
        row.getLong("batches"), row.getLong("output"));
  }

  public static void put(Sql sql, Pruned marks) {
    sql.run("INSERT OR REPLACE INTO pruned (worker, transcript, work, batches, output) VALUES (?,?,?,?,?)",
        marks.worker().number(), marks.transcript(), marks.work(), marks.batches(), marks.output());
  }

  public static boolean isAny(Sql sql) {
    return sql.first("SELECT 1 FROM pruned UNION ALL SELECT 1 FROM pruned_runtime LIMIT 1", row -> true).isPresent();
  }

  public static boolean isOutputGone(Sql sql, TurnId turn) {
    return sql.first("SELECT 1 FROM turn t JOIN pruned p ON p.worker = t.worker WHERE t.id = ? "
        + "AND t.turn_index <= p.output", row -> true, turn.number()).isPresent();
  }
}
