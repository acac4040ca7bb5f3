package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreProbe;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** SQLite as the writer opens it, with three plain tables and prepared statements. */
public final class SqliteStoreProbe implements StoreProbe {
  private static final int WORKERS = 1_000;
  private static final String CONTENT = "x".repeat(200);

  private final Path folder;
  private final Sql sql;
  private final SplittableRandom chance = new SplittableRandom(1);
  private final long[] lengths = new long[WORKERS + 1];
  private long units;
  private boolean closed;

  private SqliteStoreProbe(Path folder, Sql sql) {
    this.folder = folder;
    this.sql = sql;
  }

  /** @param folder for the scratch database alone; made here, removed by {@link #close} */
  public static SqliteStoreProbe open(Path folder) {
    // What a run that was killed left there is worth nothing.
    remove(folder);
    var probe = new SqliteStoreProbe(folder, Database.in(folder).openWriter());
    probe.makeTables();
    return probe;
  }

  private void makeTables() {
    sql.execute("CREATE TABLE worker (no INTEGER PRIMARY KEY, length INTEGER NOT NULL, last_event INTEGER NOT NULL)");
    sql.execute("CREATE TABLE event (id INTEGER PRIMARY KEY, worker INTEGER NOT NULL, name TEXT NOT NULL, "
        + "at INTEGER NOT NULL)");
    sql.execute("CREATE TABLE transcript (worker INTEGER NOT NULL, seq INTEGER NOT NULL, content TEXT NOT NULL, "
        + "PRIMARY KEY (worker, seq)) WITHOUT ROWID");
    sql.execute("BEGIN IMMEDIATE");
    for (long no = 1; no <= WORKERS; no++) {
      sql.run("INSERT INTO worker (no, length, last_event) VALUES (?, 0, 0)", no);
    }
    sql.execute("COMMIT");
  }

  @Override
  public void commit(int count) {
    if (closed) {
      throw StoreException.closed();
    }
    try {
      sql.execute("BEGIN IMMEDIATE");
      for (int i = 0; i < count; i++) {
        unit();
      }
      sql.execute("COMMIT");
    } catch (SqlFailure e) {
      throw e.asStoreException("the probe's transaction failed");
    }
  }

  private void unit() {
    units++;
    int worker = 1 + chance.nextInt(WORKERS);
    lengths[worker]++;
    sql.run("INSERT INTO event (id, worker, name, at) VALUES (?, ?, 'worker.input_accepted', ?)", units, worker, units);
    sql.run("INSERT INTO transcript (worker, seq, content) VALUES (?, ?, ?)", worker, lengths[worker], CONTENT);
    sql.run("UPDATE worker SET length = ?, last_event = ? WHERE no = ?", lengths[worker], units, worker);
  }

  @Override
  public long units() {
    return sql.first("SELECT min((SELECT count(*) FROM event), (SELECT count(*) FROM transcript), "
        + "(SELECT sum(length) FROM worker))", row -> row.getLong(1)).orElse(0L);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sql.close();
      remove(folder);
    }
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      found.forEach(files::add);
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw StoreException.io("the probe's database can't be removed", e);
    }
  }
}
