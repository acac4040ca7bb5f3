package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import java.util.function.Supplier;

/** A few connections that only read, each query in a short transaction of its own, so that the WAL can begin anew. */
final class Readers implements AutoCloseable {
  private static final int CONNECTIONS = 3;

  private record Reader(Sql sql, StateRows state) {}

  private final List<Reader> all = new ArrayList<>();
  private final BlockingQueue<Reader> idle = new ArrayBlockingQueue<>(CONNECTIONS);
  private volatile boolean closed;

  Readers(Supplier<Sql> open) {
    for (int i = 0; i < CONNECTIONS; i++) {
      Sql sql = open.get();
      var reader = new Reader(sql, new StateRows(sql));
      all.add(reader);
      idle.add(reader);
    }
  }

  <T> T read(Function<? super State, T> query) {
    return with(reader -> query.apply(reader.state));
  }

  /** The same over the rows themselves. */
  <T> T query(Function<? super Sql, T> query) {
    return with(reader -> query.apply(reader.sql));
  }

  private <T> T with(Function<Reader, T> query) {
    Reader reader = take();
    try {
      if (closed) {
        throw StoreException.closed();
      }
      reader.sql.run("BEGIN");
      try {
        return query.apply(reader);
      } finally {
        reader.sql.run("COMMIT");
      }
    } catch (SqlFailure e) {
      throw e.asStoreException("a read failed");
    } finally {
      idle.add(reader);
    }
  }

  /** Queries are short, so the wait is as well, and an interruption need not end it. */
  private Reader take() {
    boolean interrupted = false;
    while (true) {
      try {
        Reader reader = idle.take();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return reader;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** Waits for the queries under way. */
  @Override
  public void close() {
    closed = true;
    for (int i = 0; i < all.size(); i++) {
      take();
    }
    for (Reader reader : all) {
      reader.sql.close();
      idle.add(reader);
    }
  }
}
