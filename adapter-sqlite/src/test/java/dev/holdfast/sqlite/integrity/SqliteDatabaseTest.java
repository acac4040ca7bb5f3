package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Sql;
import dev.holdfast.sqlite.integrity.database.SqlFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a database file: versions, permissions, a full disk. */
class SqliteDatabaseTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path temp;

  private Path folder() {
    return temp.resolve("db");
  }

  private Store open() {
    return SqliteStore.open(folder(), NOW);
  }

  private static Rule<Long> event(String note) {
    return state -> {
      var events = new NewEvents(state, NOW, null);
      long id = events.add(null, EventName.RUNTIME_STARTED, Json.EMPTY_OBJECT, note);
      return Decision.done(id, events.changes());
    };
  }

  private void sql(String text) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder().resolve("holdfast.db"));
        var statement = connection.createStatement()) {
      statement.execute(text);
    }
  }

  private List<String> filesWithDigests() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().map(file -> file.getFileName() + " " + digest(file)).toList();
    }
  }

  private static int digest(Path file) {
    try {
      return Arrays.hashCode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("I-A32 a database of a newer version is refused, and no byte of its folder changes")
  void newerVersion() throws Exception {
    open().close();
    sql("PRAGMA user_version = 99");
    List<String> before = filesWithDigests();
    var refusal = assertThrows(StoreException.class, this::open);
    assertEquals(Reason.FUTURE_SCHEMA, refusal.reason());
    assertEquals(before, filesWithDigests());
  }

  @Test
  @DisplayName("I-A32 a newer version that stands in the WAL alone is refused, and neither the database nor its WAL changes")
  void newerVersionInWal() throws Exception {
    open().close();
    try (Sql crashed = Database.in(folder()).openWriter()) {
      crashed.execute("PRAGMA user_version = 99");
      List<String> before = contents();

      assertEquals(Reason.FUTURE_SCHEMA, assertThrows(StoreException.class, this::open).reason());
      assertEquals(before, contents());
    }
  }

  /** All but the shared memory, which readers make too. */
  private List<String> contents() throws IOException {
    return filesWithDigests().stream().filter(file -> !file.startsWith("holdfast.db-shm")).toList();
  }

  @Test
  @DisplayName("another application's database is refused and left as it is")
  void anotherApplication() throws Exception {
    Files.createDirectory(folder());
    sql("CREATE TABLE theirs (x)");
    sql("PRAGMA application_id = 7");
    List<String> before = filesWithDigests();

    assertEquals(Reason.SCHEMA_MISMATCH, assertThrows(StoreException.class, this::open).reason());
    assertEquals(before, filesWithDigests());
  }

  @Test
  @DisplayName("a schema step that isn't the one that was applied is refused")
  void changedStep() throws Exception {
    open().close();
    sql("UPDATE schema_migrations SET sha256 = 'other' WHERE no = 1");
    assertEquals(Reason.SCHEMA_MISMATCH, assertThrows(StoreException.class, this::open).reason());
  }

  @Test
  @DisplayName("a file that is no database is told as damaged")
  void notADatabase() throws Exception {
    Files.createDirectory(folder());
    Files.write(folder().resolve("holdfast.db"),
        "this is not a database, but long enough to be asked".repeat(50).getBytes(
            StandardCharsets.UTF_8));
    assertEquals(Reason.STORE_CORRUPT, assertThrows(StoreException.class, this::open).reason());
  }

  @Test
  @DisplayName("the folder and the files in it are readable by their owner only")
  void permissions() throws Exception {
    try (Store store = open()) {
      store.write(event("one")).orThrow();
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder())));
      try (Stream<Path> files = Files.list(folder())) {
        for (Path file : files.toList()) {
          assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
              file.toString());
        }
      }
    }
  }

  @Test
  @DisplayName("a full database refuses with storage_full, keeps what was acknowledged, and takes writes when there is room")
  void fullDisk() throws Exception {
    try (Store store = open()) {
      store.write(event("before")).orThrow();
    }
    Database database = Database.in(folder());
    Sql writing = database.openWriter();
    var writer = new Writer(writing);
    long pages = writing.first("PRAGMA page_count", row -> row.getLong(1)).orElseThrow();
    writing.execute("PRAGMA max_page_count = " + pages);
    String large = "x".repeat(100_000);
    var refusal = assertThrows(StoreException.class, () -> writer.write(event(large)));
    assertEquals(Reason.STORAGE_FULL, refusal.reason());
    writing.execute("PRAGMA max_page_count = 1000000");
    assertEquals(2, writer.write(event(large)).orThrow());
    writer.close();
    try (Store store = open()) {
      assertEquals(2, store.read(State::lastEventId));
    }
  }

  @Test
  @DisplayName("the settings that durability rests on are in force")
  void settings() {
    open().close();
    try (Sql writing = Database.in(folder()).openWriter()) {
      assertEquals("wal", writing.first("PRAGMA journal_mode", row -> row.getString(1)).orElseThrow());
      assertEquals(2, writing.first("PRAGMA synchronous", row -> row.getInt(1)).orElseThrow());
      assertEquals(1, writing.first("PRAGMA foreign_keys", row -> row.getInt(1)).orElseThrow());
      assertEquals(15_000, writing.first("PRAGMA busy_timeout", row -> row.getInt(1)).orElseThrow());
      assertEquals(Database.APPLICATION_ID, writing.first("PRAGMA application_id", row -> row.getInt(1)).orElseThrow());
    }
  }

  @Test
  @DisplayName("a reader can't write")
  void readersOnlyRead() {
    try (Store store = open(); Sql reading = Database.in(folder()).openReader()) {
      assertTrue(store.read(State::runtime).isEmpty());
      var failure = assertThrows(SqlFailure.class, () -> reading.execute("DELETE FROM event"));
      assertFalse(failure.isInputOutput());
    }
  }
}
