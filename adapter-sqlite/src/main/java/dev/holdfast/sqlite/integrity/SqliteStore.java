package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.MigrationBackup;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Parts;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import dev.holdfast.sqlite.integrity.database.Transactions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** The store on one SQLite database in WAL mode, synced at every commit. */
public final class SqliteStore implements Store {
  private final Writer writer;
  private final Readers readers;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SqliteStore(Database database, Sql writing) {
    this.writer = new Writer(writing);
    this.readers = new Readers(database::openReader);
  }

  /**
   * Opens the database in the folder, makes it when it isn't there, and brings its schema up to date. What an older version
   * wrote is in the folder {@code backup} beside it before anything is changed.
   *
   * @param now when a schema step is applied
   * @throws dev.holdfast.domain.integrity.StoreException future_schema for a database of a newer version, schema_mismatch
   *     for one whose schema isn't what it says, store_missing for one without a table or without its runtime's row; none is
   *     changed
   */
  public static SqliteStore open(Path folder, Instant now) {
    Database database = Database.in(folder);
    database.refuseNewer(Migrations.ALL.newest());
    try (Sql reading = database.openReader()) {
      Migrations.ALL.requireUsable(reading);
      if (Migrations.ALL.isOutdated(reading)) {
        new MigrationBackup(folder.resolveSibling("backup")).make(reading, Migrations.version(reading), now);
      }
    } catch (SqlFailure e) {
      throw e.asStoreException("the database can't be opened");
    }
    Sql writing = database.openWriter();
    try {
      Migrations.ALL.apply(writing, now);
      Parts.require(writing);
      return new SqliteStore(database, writing);
    } catch (SqlFailure e) {
      writing.close();
      throw e.asStoreException("the database can't be opened");
    } catch (RuntimeException e) {
      writing.close();
      throw e;
    }
  }

  @Override
  public <T> Outcome<T> write(Rule<T> rule) {
    return writer.write(rule);
  }

  @Override
  public <T> T read(Function<? super State, T> query) {
    return readers.read(query);
  }

  /** Everything that a database holds, as this connection sees it. */
  public static State state(Sql sql) {
    return new StateRows(sql);
  }

  /** For what the database holds beside the units of work; it is over when the store is closed. */
  public Transactions transactions() {
    return new Transactions() {
      @Override
      public <T> T read(Function<? super Sql, T> query) {
        return readers.query(query);
      }

      @Override
      public <T> T write(Function<? super Sql, T> change) {
        return writer.transaction(change);
      }
    };
  }

  /** The file is written anew: pages that are free are used again by themselves, and only this makes it shorter. */
  @Override
  public void compact() {
    writer.compact();
  }

  @Override
  public String backend() {
    return "sqlite";
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      readers.close();
      writer.close();
    }
  }
}
