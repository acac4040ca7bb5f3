package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteException;

/** One connection and the statements that it has prepared. Used by one thread at a time. */
public final class Sql implements AutoCloseable {
  private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 10_000;

  private final Path file;
  private final Connection connection;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private Runnable beforeQuery = () -> {
  };

  /** @param file of the database, for who has to look at it */
  public Sql(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Makes a value of the present row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Who gathers rows writes them before somebody looks. */
  public void beforeEveryQuery(Runnable action) {
    beforeQuery = action;
  }

  public void run(String sql, @Nullable Object... parameters) {
    count(sql, parameters);
  }

  /** @return how many rows the statement changed */
  public int count(String sql, @Nullable Object... parameters) {
    try {
      return bound(sql, parameters).executeUpdate();
    } catch (SQLException e) {
      throw failure(sql, e);
    }
  }

  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    beforeQuery.run();
    try (ResultSet rows = bound(sql, parameters).executeQuery()) {
      return rows.next() ? Optional.of(value(reader, rows)) : Optional.empty();
    } catch (SQLException e) {
      throw failure(sql, e);
    }
  }

  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... parameters) {
    beforeQuery.run();
    try (ResultSet rows = bound(sql, parameters).executeQuery()) {
      List<T> found = new ArrayList<>();
      while (rows.next()) {
        found.add(value(reader, rows));
      }
      return found;
    } catch (SQLException e) {
      throw failure(sql, e);
    }
  }

  /** Looks at each row, and keeps none. */
  @FunctionalInterface
  public interface RowVisitor {
    void visit(ResultSet row) throws SQLException;
  }

  public void each(String sql, RowVisitor visitor, @Nullable Object... parameters) {
    beforeQuery.run();
    try (ResultSet rows = bound(sql, parameters).executeQuery()) {
      while (rows.next()) {
        visitor.visit(rows);
      }
    } catch (SQLException e) {
      throw failure(sql, e);
    }
  }

  /** What was written can be read, so what can't be read isn't what was written. */
  private <T> T value(RowReader<T> reader, ResultSet row) throws SQLException {
    try {
      return reader.read(row);
    } catch (SqlFailure | StoreException | SQLiteException e) {
      throw e;
    } catch (SQLException | RuntimeException e) {
      throw damaged(e);
    }
  }

  /** @param why for a debugger only: its message may hold what users wrote */
  public StoreException damaged(Throwable why) {
    StoreException damaged = damaged("a row of it holds what can't have been written there");
    damaged.addSuppressed(why);
    return damaged;
  }

  public StoreException damaged(String what) {
    return StoreException.unusable(Reason.STORE_CORRUPT, "the store is damaged: " + file + "; " + what);
  }

  /** A statement without parameters or result, not worth preparing. */
  public void execute(String sql) {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SqlFailure(file, e);
    }
  }

  /** The driver gives up a statement that failed, so it has to be prepared again. */
  private SqlFailure failure(String sql, SQLException cause) {
    PreparedStatement failed = prepared.remove(sql);
    try {
      if (failed != null) {
        failed.close();
      }
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    return new SqlFailure(file, cause);
  }

  private PreparedStatement bound(String sql, @Nullable Object[] parameters) throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      bind(statement, i + 1, parameters[i]);
    }
    return statement;
  }

  private static void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
    switch (value) {
      case null -> statement.setObject(index, null);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      case String text -> statement.setString(index, text);
      case Boolean bool -> statement.setInt(index, bool ? 1 : 0);
      case byte[] bytes -> statement.setBytes(index, bytes);
      case Instant instant -> statement.setLong(index, micros(instant));
      default -> throw new IllegalArgumentException("not a column's value: " + value.getClass());
    }
  }

  public static long micros(Instant instant) {
    return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  public static long micros(Duration duration) {
    return Math.addExact(Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
  }

  public static Instant instant(ResultSet row, String column) throws SQLException {
    return instant(row.getLong(column));
  }

  public static @Nullable Instant optionalInstant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }

  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  /**
   * From then on every statement that takes long fails as interrupted.
   *
   * @param deadline as {@link System#nanoTime} tells it
   */
  public void endAt(long deadline) {
    try {
      ProgressHandler.setHandler(connection, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK, new ProgressHandler() {
        @Override
        protected int progress() {
          return System.nanoTime() - deadline < 0 ? 0 : 1;
        }
      });
    } catch (SQLException e) {
      throw new SqlFailure(file, e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new SqlFailure(file, e);
    }
  }
}
