package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The numbered steps of the schema, each one transaction. The database's user_version is the number of its last step, and
 * a table keeps each step's digest, so that a step that was changed afterwards is noticed (spec I-93).
 */
public final class Migrations {
  public static final Migrations ALL = new Migrations(List.of("base", "access", "turns", "stores", "pruning", "relay"));

  private final List<String> names;

  /** @param names of the steps, from the first on */
  public Migrations(List<String> names) {
    this.names = names;
  }

  public int newest() {
    return names.size();
  }

  /**
   * Judges the database through a connection that can't write, so that one that is refused stays as it is. What a newer
   * version left in the WAL alone is seen here too, which the file's header doesn't show yet.
   *
   * @throws StoreException future_schema or schema_mismatch
   */
  public void requireUsable(Sql reading) {
    int version = version(reading);
    if (version > newest()) {
      throw Database.newer(version, newest());
    }
    int application = reading.first("PRAGMA application_id", row -> row.getInt(1)).orElse(0);
    if (application != Database.APPLICATION_ID && (application != 0 || version != 0)) {
      throw StoreException.unusable(Reason.SCHEMA_MISMATCH, "the database is another application's");
    }
    for (int no = 1; no <= version; no++) {
      requireUnchanged(reading, no);
    }
  }

  /** Whether steps are missing in a database that has some. */
  public boolean isOutdated(Sql reading) {
    int version = version(reading);
    return version > 0 && version < newest();
  }

  /** The number of the last step that was made, 0 in an empty database. */
  public static int version(Sql sql) {
    return sql.first("PRAGMA user_version", row -> row.getInt(1)).orElse(0);
  }

  private void requireUnchanged(Sql sql, int no) {
    Optional<String> known =
        sql.first("SELECT sha256 FROM schema_migrations WHERE no = ?", row -> row.getString(1), no);
    if (!known.equals(Optional.of(Digests.sha256Hex(text(no))))) {
      throw StoreException.unusable(
          Reason.SCHEMA_MISMATCH, "step " + no + " of the database's schema is not the one that this version knows");
    }
  }

  /** Makes the steps that are missing. Then the number stands in the file's header, where an older version looks first. */
  public void apply(Sql sql, Instant now) {
    int version = version(sql);
    if (version == newest()) {
      return;
    }
    sql.execute("PRAGMA application_id = " + Database.APPLICATION_ID);
    for (int no = version + 1; no <= newest(); no++) {
      step(sql, no, text(no), now);
    }
    sql.first("PRAGMA wal_checkpoint(TRUNCATE)", row -> row.getInt(1));
  }

  private void step(Sql sql, int no, String text, Instant now) {
    sql.execute("BEGIN IMMEDIATE");
    try {
      sql.execute("CREATE TABLE IF NOT EXISTS schema_migrations (no INTEGER PRIMARY KEY, name TEXT NOT NULL, "
          + "sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
      // Comments are lines of their own in these files, and no statement has a semicolon inside.
      for (String statement : text.replaceAll("(?m)^--.*$", "").split(";", -1)) {
        if (!statement.isBlank()) {
          sql.execute(statement);
        }
      }
      sql.run("INSERT INTO schema_migrations (no, name, sha256, applied_at) VALUES (?, ?, ?, ?)", no,
          names.get(no - 1), Digests.sha256Hex(text), now);
      sql.execute("PRAGMA user_version = " + no);
      sql.execute("COMMIT");
    } catch (SqlFailure e) {
      sql.execute("ROLLBACK");
      throw e.asStoreException("step " + no + " of the database's schema failed");
    }
  }

  private String text(int no) {
    String resource = no + "-" + names.get(no - 1) + ".sql";
    try (InputStream in = Migrations.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("missing resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw StoreException.io("a schema step can't be read", e);
    }
  }
}
