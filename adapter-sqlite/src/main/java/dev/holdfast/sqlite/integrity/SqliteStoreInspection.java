package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.Survey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** SQLite's own quick check, on the file as it is: even a reader would otherwise make shared memory beside it. */
final class SqliteStoreInspection implements StoreInspection {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final String HOW = "by SQLite's quick check; a full check of its contents comes with a later version";
  private static final int STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 10_000;

  private final Path file;

  SqliteStoreInspection(Path folder) {
    this.file = folder.resolve("holdfast.db");
  }

  @Override
  public String location() {
    return file.toString();
  }

  @Override
  public Survey survey() {
    return Survey.of(null, null, Map.of());
  }

  @Override
  public Condition look(boolean deep, Duration atMost) {
    try {
      if (!Files.exists(file)) {
        return new Condition.Absent();
      }
      Path log = file.resolveSibling("holdfast.db-wal");
      if (Files.exists(log) && Files.size(log) > 0) {
        return new Condition.Unclear(
            "part of it is in the log of a node that was killed, which the next start puts in");
      }
      if (Files.size(file) > 0 && !isDatabase()) {
        return damaged("it is not a database");
      }
    } catch (IOException e) {
      return damaged("it can't be read");
    }
    return check(System.nanoTime() + atMost.toNanos());
  }

  private boolean isDatabase() throws IOException {
    try (var in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    }
  }

  private Condition check(long deadline) {
    var config = new SQLiteConfig();
    config.setReadOnly(true);
    String address = "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath() + "?immutable=1";
    try (Connection connection = JDBC.createConnection(address, config.toProperties())) {
      ProgressHandler.setHandler(connection, STEPS_BETWEEN_LOOKS_AT_THE_CLOCK, new ProgressHandler() {
        @Override
        protected int progress() {
          return System.nanoTime() < deadline ? 0 : 1;
        }
      });
      try (Statement statement = connection.createStatement();
          ResultSet found = statement.executeQuery("PRAGMA quick_check(1)")) {
        String first = found.next() ? found.getString(1) : "ok";
        return first.equals("ok") ? new Condition.Sound(HOW, Long.MAX_VALUE)
            : damaged("a page or index is not as it was written");
      }
    } catch (SQLException e) {
      return e.getErrorCode() == SQLiteErrorCode.SQLITE_INTERRUPT.code
          ? new Condition.Unfinished(HOW)
          : damaged("SQLite refuses it with code " + e.getErrorCode());
    }
  }

  private static Condition damaged(String what) {
    return Condition.Damaged.blocked(Reason.STORE_CORRUPT, what);
  }
}
