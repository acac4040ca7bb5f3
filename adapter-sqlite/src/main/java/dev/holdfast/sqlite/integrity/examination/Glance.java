package dev.holdfast.sqlite.integrity.examination;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Soundness;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A database as it is, open for reading such that nothing of it or beside it changes. Beside the node that has it, it is read as that
 * node's own readers do. One that was closed is read as a file that nobody changes. What a killed node left in the log can't be read
 * without making shared memory beside it, so file and log are read as a copy elsewhere, which is removed at the end.
 */
final class Glance implements AutoCloseable {
  private static final String FILE = "holdfast.db";
  private static final String LOG = "holdfast.db-wal";

  private final Sql sql;
  private final @Nullable Path copy;
  private final boolean isDatabase;

  private Glance(Sql sql, @Nullable Path copy, boolean isDatabase) {
    this.sql = sql;
    this.copy = copy;
    this.isDatabase = isDatabase;
  }

  /**
   * @param folder in which the database is
   * @param isHeld whether a node has it open
   */
  static Glance at(Path folder, boolean isHeld) {
    Path file = folder.resolve(FILE);
    if (isHeld) {
      return new Glance(Database.openBeside(file), null, true);
    }
    try {
      boolean begins = Database.beginsAsDatabase(file);
      Path log = folder.resolve(LOG);
      return Files.exists(log) && Files.size(log) > 0
          ? ofCopy(file, log, begins)
          : new Glance(Database.openAsItIs(file), null, begins);
    } catch (IOException e) {
      throw StoreException.io("the database can't be looked at", e);
    }
  }

  private static Glance ofCopy(Path file, Path log, boolean begins) throws IOException {
    Path copy = Files.createTempDirectory("holdfast-look");
    try {
      Files.copy(file, copy.resolve(FILE));
      Files.copy(log, copy.resolve(LOG));
      return new Glance(Database.openBeside(copy.resolve(FILE)), copy, begins);
    } catch (IOException | RuntimeException e) {
      remove(copy);
      throw e;
    }
  }

  private static void remove(Path copy) throws IOException {
    for (String name : new String[] {FILE, LOG, "holdfast.db-shm"}) {
      Files.deleteIfExists(copy.resolve(name));
    }
    Files.deleteIfExists(copy);
  }

  /** What SQLite says of the file, and a start before it asks SQLite. */
  Soundness soundness(boolean deep) {
    if (!isDatabase) {
      return Soundness.NO_DATABASE;
    }
    return deep ? Soundness.full(sql) : Soundness.quick(sql);
  }

  Sql sql() {
    return sql;
  }

  @Override
  public void close() {
    sql.close();
    if (copy != null) {
      try {
        remove(copy);
      } catch (IOException e) {
        throw StoreException.io("the copy that was looked at can't be removed", e);
      }
    }
  }
}
