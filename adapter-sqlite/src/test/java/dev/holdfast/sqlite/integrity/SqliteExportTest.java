package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSuite;
import dev.holdfast.domain.integrity.exports.Table;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteExportTest extends ExportSuite {
  /** Which table of the export tells what a table of the database holds. */
  private static final Map<String, Table> TOLD = new TreeMap<>(Map.ofEntries(
      Map.entry("runtime", Table.RUNTIME), Map.entry("provider", Table.PROVIDER),
      Map.entry("setting", Table.DEFAULT_MODEL), Map.entry("access_key", Table.KEY), Map.entry("audit", Table.AUDIT),
      Map.entry("audit_head", Table.AUDIT), Map.entry("event", Table.EVENT),
      Map.entry("remembered", Table.REMEMBERED), Map.entry("worker", Table.WORKER), Map.entry("head", Table.QUEUE),
      Map.entry("session", Table.SESSION), Map.entry("input", Table.TRANSCRIPT), Map.entry("entry", Table.TRANSCRIPT),
      Map.entry("batch", Table.BATCH), Map.entry("output", Table.TURN), Map.entry("admission", Table.TURN),
      Map.entry("stamp", Table.TURN), Map.entry("turn", Table.TURN), Map.entry("pruned", Table.PRUNED),
      Map.entry("pruned_runtime", Table.EVENT), Map.entry("publisher", Table.PUBLISHER),
      Map.entry("inference_task", Table.TASK), Map.entry("usage_record", Table.USAGE)));
  /** Diagnostics are soft; the other is of this backend alone. */
  private static final Set<String> LEFT = Set.of("diagnostic", "schema_migrations", "store_meta", "launch_state",
      "session_index", "launch_transaction", "task_ledger", "provider_table", "engine_table", "capability_snapshot",
      "revision", "artifact_index", "journal_index", "diagnostics");

  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return SqliteStore.open(folder.resolve("db"), START);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }

  @Override
  protected Store another() {
    return SqliteStore.open(folder.resolve("another"), START);
  }

  @Test
  @DisplayName("every table of the database is told by the export, or is known to be left out")
  void complete() throws SQLException {
    assertEquals(allOf(TOLD.keySet(), LEFT),
        column("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"));
  }

  @Test
  @DisplayName("an audit whose end was cut off isn't exported as if it were whole")
  void auditCut() throws SQLException {
    fill();
    store().close();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("db/holdfast.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)");
    }
    reopenStore();
    StoreException refused = assertThrows(StoreException.class, () -> read(Export::sum));
    assertEquals(Reason.STORE_CORRUPT, refused.reason());
  }

  private Set<String> column(String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("db/holdfast.db"));
        var statement = connection.createStatement(); var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        found.add(rows.getString(1));
      }
    }
    return new TreeSet<>(found);
  }

  private static Set<String> allOf(Set<String> one, Set<String> other) {
    Set<String> all = new TreeSet<>(one);
    all.addAll(other);
    return all;
  }
}
