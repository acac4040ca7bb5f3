package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.MigrationBackup;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Rows;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;

/** A change of the schema that is cut off anywhere, and the backup before it (spec I-83). */
@Timeout(300)
class MigrationCrashTest {
  // https://www.sqlite.org/fileformat.html section 4.1: a header, then frames of a header and a page each.
  private static final int WAL_HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE_SIZE_OFFSET = 8;

  /** A torn write is like one that wasn't made, but for the few that are tried. */
  private static final int TORN_EVERY = 4;

  @TempDir
  private Path temp;

  private Path data;
  private String expected;

  @BeforeEach
  void begin() throws IOException {
    Path whole = Files.createDirectory(temp.resolve("whole"));
    OldDatabase.write(whole.resolve("db"));
    try (Store store = SqliteStore.open(whole.resolve("db"), OldDatabase.NOW)) {
      expected = store.read(StateText::of);
    }
    data = Files.createDirectory(temp.resolve("data"));
    OldDatabase.write(data.resolve("db"));
  }

  private static List<Path> backups(Path data) throws IOException {
    Path folder = data.resolve("backup");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".db")).sorted().toList();
    }
  }

  private static String digest(Path file) {
    try (Sql sql = Database.openAsItIs(file)) {
      return Rows.digest(sql);
    }
  }

  private static int version(Path data) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("db").resolve("holdfast.db"));
        var rows = connection.createStatement().executeQuery("PRAGMA user_version")) {
      return rows.getInt(1);
    }
  }

  /** What a start finds, and that it goes on to the newest schema with all that was there. */
  private int requireSound(Path crashed, String original) throws Exception {
    int found = version(crashed);
    assertTrue(found >= OldDatabase.SCHEMA && found <= Migrations.ALL.newest(), () -> "schema " + found);
    if (found > OldDatabase.SCHEMA) {
      assertTrue(backups(crashed).stream().anyMatch(file -> digest(file).equals(original)),
          "no backup of what was there");
    }
    try (Store store = SqliteStore.open(crashed.resolve("db"), OldDatabase.NOW)) {
      assertEquals(expected, store.read(StateText::of));
    }
    assertEquals(Migrations.ALL.newest(), version(crashed));
    return found;
  }

  /** The database with all steps in its WAL, as it is before the steps are moved into its file. */
  private void migrateWithoutCheckpoint() throws SQLException {
    Database database = Database.in(data.resolve("db"));
    try (Sql reading = database.openReader()) {
      new MigrationBackup(data.resolve("backup")).make(reading, OldDatabase.SCHEMA, OldDatabase.NOW);
    }
    database.openWriter().close();
    var driver = new FailingDriver("PRAGMA wal_checkpoint(TRUNCATE)", SQLiteErrorCode.SQLITE_INTERRUPT);
    driver.fail();
    Path file = data.resolve("db").resolve("holdfast.db");
    var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (var statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_autocheckpoint = 0");
    }
    assertThrows(RuntimeException.class,
        () -> Migrations.ALL.apply(new Sql(file, driver.around(connection)), OldDatabase.NOW));
    // Left open: closing would make the checkpoint.
    assertTrue(Files.exists(file.resolveSibling("holdfast.db-wal")));
  }

  private Path crashed(int no, byte[] file, byte[] wal) throws IOException {
    Path crashed = Files.createDirectory(temp.resolve("crashed-" + no));
    Files.createDirectory(crashed.resolve("db"));
    Files.write(crashed.resolve("db").resolve("holdfast.db"), file);
    Files.write(crashed.resolve("db").resolve("holdfast.db-wal"), wal);
    Files.createDirectory(crashed.resolve("backup"));
    for (Path backup : backups(data)) {
      Files.copy(backup, crashed.resolve("backup").resolve(backup.getFileName()));
    }
    return crashed;
  }

  @Test
  @DisplayName("I-A33 migration killed behind and in the middle of every write of its log, and of every page that the "
      + "checkpoint moves: old or new version, backup present and openable, and the next start goes on")
  void everyWrite() throws Exception {
    Path file = data.resolve("db").resolve("holdfast.db");
    String original = digest(file);
    byte[] before = Files.readAllBytes(file);
    migrateWithoutCheckpoint();
    byte[] wal = Files.readAllBytes(file.resolveSibling("holdfast.db-wal"));
    int page = ByteBuffer.wrap(wal).getInt(PAGE_SIZE_OFFSET);
    int frame = FRAME_HEADER + page;
    Set<Integer> versions = new HashSet<>();
    int no = 0;
    for (int bytes = 0; bytes <= wal.length; bytes += bytes < WAL_HEADER ? WAL_HEADER : frame) {
      versions.add(requireSound(crashed(no++, before, Arrays.copyOf(wal, bytes)), original));
      if (no % TORN_EVERY == 0 && bytes + frame / 2 < wal.length) {
        versions.add(requireSound(crashed(no++, before, Arrays.copyOf(wal, bytes + frame / 2)), original));
      }
    }
    assertEquals(Set.of(2, 3, 4, 5, 6), versions);
    checkpointed(no, before, wal, original);
  }

  /** Pages of the log are in the file, one after the other and one of them torn, while the log is still whole. */
  private void checkpointed(int from, byte[] before, byte[] wal, String original) throws Exception {
    int page = ByteBuffer.wrap(wal).getInt(PAGE_SIZE_OFFSET);
    int frame = FRAME_HEADER + page;
    int frames = (wal.length - WAL_HEADER) / frame;
    byte[] file = before;
    int no = from;
    for (int at = 0; at < frames; at++) {
      int start = WAL_HEADER + at * frame;
      int target = (ByteBuffer.wrap(wal).getInt(start) - 1) * page;
      file = Arrays.copyOf(file, Math.max(file.length, target + page));
      System.arraycopy(wal, start + FRAME_HEADER, file, target, page / 2);
      if (at % TORN_EVERY == 0) {
        assertEquals(Migrations.ALL.newest(), requireSound(crashed(no++, file, wal), original));
      }
      System.arraycopy(wal, start + FRAME_HEADER, file, target, page);
    }
    assertEquals(Migrations.ALL.newest(), requireSound(crashed(no, file, new byte[0]), original));
  }

  @Test
  @DisplayName("the backup holds what was there, once however often the start is made again; a torn one is no backup")
  void backup() throws Exception {
    String original = digest(data.resolve("db").resolve("holdfast.db"));
    Path folder = Files.createDirectory(data.resolve("backup"));
    Files.write(folder.resolve("migration-unfinished.tmp"), new byte[] {1, 2, 3});
    Files.write(folder.resolve("migration-unfinished.tmp-journal"), new byte[] {1, 2, 3});
    Files.writeString(folder.resolve("theirs.db"), "somebody's own");
    Files.writeString(
        folder.resolve("migration-20250101T000000Z-schema-2-" + original.substring(0, 16) + ".db"), "torn");
    var backups = new MigrationBackup(folder);
    try (Sql reading = Database.in(data.resolve("db")).openReader()) {
      Path made = backups.make(reading, 2, OldDatabase.NOW);

      assertEquals(original, digest(made));
      assertEquals(made, backups.make(reading, 2, OldDatabase.NOW.plusSeconds(5)));
    }
    assertTrue(Files.exists(folder.resolve("theirs.db")));
    assertEquals(3, backups(data).size(), () -> "the torn one stays beside: nobody knows whose it is");
  }

  @Test
  @DisplayName("the last three backups are kept")
  void lastThree() throws Exception {
    Path file = data.resolve("db").resolve("holdfast.db");
    var backups = new MigrationBackup(data.resolve("backup"));
    for (int i = 0; i < 5; i++) {
      try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
        connection.createStatement().execute("UPDATE turn SET input_tokens = " + i);
      }
      try (Sql reading = Database.in(data.resolve("db")).openReader()) {
        backups.make(reading, 2, OldDatabase.NOW.plusSeconds(i));
      }
    }
    assertEquals(List.of("migration-20260101T000002Z", "migration-20260101T000003Z", "migration-20260101T000004Z"),
        backups(data).stream().map(one -> one.getFileName().toString().substring(0, 26)).toList());
  }

  @Test
  @DisplayName("a database that can't be read as a whole isn't migrated: store_corrupt, and its bytes stay")
  void damaged() throws Exception {
    Path file = data.resolve("db").resolve("holdfast.db");
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      for (long at = 4096; at + 100 < bytes.length(); at += 4096) {
        bytes.seek(at);
        bytes.write(new byte[100]);
      }
    }
    byte[] before = Files.readAllBytes(file);

    var refusal = assertThrows(StoreException.class, () -> SqliteStore.open(data.resolve("db"), OldDatabase.NOW));

    assertEquals(Reason.STORE_CORRUPT, refusal.reason());
    assertTrue(Arrays.equals(before, Files.readAllBytes(file)));
    assertEquals(List.of(), backups(data));
  }

  @Test
  @DisplayName("a new database and one of this schema get no backup")
  void none() throws Exception {
    SqliteStore.open(temp.resolve("other-db"), OldDatabase.NOW).close();
    SqliteStore.open(temp.resolve("other-db"), OldDatabase.NOW).close();
    assertEquals(List.of(), backups(temp));
  }
}
