package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.util.List;
import java.util.Optional;

/** What a database must have to hold a runtime: its tables, and the runtime's row where there are workers (spec I-96). */
public final class Parts {
  private static final List<String> TABLES = List.of("runtime", "worker", "head", "session", "event", "input", "entry",
      "turn", "output", "stamp", "remembered", "diagnostic", "access_key", "provider", "setting", "audit", "audit_head",
      "admission", "batch", "publisher", "inference_task", "usage_record");

  private Parts() {}

  /** What isn't there, in words; empty when all is. */
  public static Optional<String> missing(Sql sql) {
    List<String> found = sql.all("SELECT name FROM sqlite_schema WHERE type = 'table'", row -> row.getString(1));
    Optional<String> absent = TABLES.stream().filter(table -> !found.contains(table)).findFirst()
        .map(table -> "the table " + table + " is not there");
    return absent.isPresent() || has(sql, "runtime") || !has(sql, "worker")
        ? absent
        : Optional.of("the row of the runtime is not there");
  }

  private static boolean has(Sql sql, String table) {
    return sql.first("SELECT 1 FROM " + table + " LIMIT 1", _ -> true).isPresent();
  }

  /**
   * A runtime isn't begun anew beside the rows of another.
   *
   * @throws StoreException store_missing
   */
  public static void require(Sql sql) {
    missing(sql).ifPresent(what -> {
      throw StoreException.unusable(Reason.STORE_MISSING,
          "a part of the database is missing: " + what + "; restore it from a backup");
    });
  }
}
