package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Arrays;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** The database file: where it is, how it is opened, and whether this version may open it (spec I-91, I-93). */
public final class Database {
  /** "Hold" in ASCII, so that {@code file} and other tools can tell whose database this is. */
  public static final int APPLICATION_ID = 0x486f6c64;

  private static final int BUSY_MS = 15_000;
  // The database header, https://www.sqlite.org/fileformat.html section 1.3.
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER_BYTES = 100;
  private static final int USER_VERSION_OFFSET = 60;

  private final Path file;

  private Database(Path file) {
    this.file = file;
  }

  /**
   * For a folder that had a database: one that was lost isn't begun anew.
   *
   * @throws StoreException store_missing
   */
  public static void requireThere(Path folder) {
    Path file = folder.resolve("holdfast.db");
    try {
      if (!Files.exists(file) || Files.size(file) == 0) {
        throw StoreException.unusable(Reason.STORE_MISSING,
            "the database " + file + " is not there; restore it from a backup");
      }
    } catch (IOException e) {
      throw StoreException.io("the database can't be read", e);
    }
  }

  /** Makes the folder, readable by its owner only. */
  public static Database in(Path folder) {
    try {
      if (!Files.exists(folder)) {
        Files.createDirectory(folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      Path file = folder.resolve("holdfast.db");
      if (!Files.exists(file)) {
        // SQLite gives its WAL and shared memory the permissions of the database file.
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      return new Database(file);
    } catch (IOException e) {
      throw StoreException.io("the database's folder can't be made", e);
    }
  }

  /**
   * Refuses a database of a newer version by its header alone, so that not even a WAL is written. A header that is older
   * than its WAL is told by {@link Migrations}.
   */
  public void refuseNewer(int newest) {
    if (!beginsAsDatabase(file)) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, "the store is damaged: " + file + "; it is not a database");
    }
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      if (bytes.length() == 0) {
        return;
      }
      bytes.seek(USER_VERSION_OFFSET);
      int version = bytes.readInt();
      if (version > newest) {
        throw newer(version, newest);
      }
    } catch (IOException e) {
      throw StoreException.io("the database can't be read", e);
    }
  }

  /**
   * Whether the file itself does, or is empty. SQLite passes a header by that is no database's where the log has its first page, and no
   * start does. Nobody in this process may have the database open: closing the file would take away SQLite's locks.
   */
  public static boolean beginsAsDatabase(Path file) {
    try (var bytes = new RandomAccessFile(file.toFile(), "r")) {
      byte[] magic = new byte[MAGIC.length];
      return bytes.length() == 0
          || (bytes.length() >= HEADER_BYTES && bytes.read(magic) == magic.length && Arrays.equals(magic, MAGIC));
    } catch (IOException e) {
      throw StoreException.io("the database can't be read", e);
    }
  }

  public static StoreException newer(int version, int newest) {
    return StoreException.unusable(Reason.FUTURE_SCHEMA, "the database has schema " + version
        + ", this version knows schemas up to " + newest + "; use the newer version of Holdfast");
  }

  public Sql openWriter() {
    SQLiteConfig config = config();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, "-65536");
    Sql sql = open(config);
    try {
      // The writer makes the checkpoints: SQLite's own keep quiet about a sync that failed.
      sql.execute("PRAGMA wal_autocheckpoint = 0");
      sql.execute("PRAGMA journal_size_limit = 67108864");
      return sql;
    } catch (SqlFailure e) {
      sql.close();
      throw e.asStoreException("the database can't be opened");
    }
  }

  /** A reader sees what was committed before it began, whatever the writer does meanwhile. */
  public Sql openReader() {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.READONLY);
    config.resetOpenMode(SQLiteOpenMode.CREATE);
    return open(config);
  }

  /** Reads a file that nobody changes, and makes nothing beside it. */
  public static Sql openAsItIs(Path file) {
    return openToLook(file, "immutable=1");
  }

  /** Reads beside whoever has the database open, and changes no byte of it or of its log. */
  public static Sql openBeside(Path file) {
    return openToLook(file, "mode=ro");
  }

  private static Sql openToLook(Path file, String how) {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    String address = "jdbc:sqlite:file:" + file.toAbsolutePath().toUri().getRawPath() + "?" + how;
    try {
      return new Sql(file, JDBC.createConnection(address, config.toProperties()));
    } catch (SQLException e) {
      throw new SqlFailure(file, e);
    }
  }

  private static SQLiteConfig config() {
    var config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MS);
    // Else the driver prepares and runs SELECT last_insert_rowid() behind every insert.
    config.setGetGeneratedKeys(false);
    return config;
  }

  private Sql open(SQLiteConfig config) {
    try {
      return new Sql(file, JDBC.createConnection("jdbc:sqlite:" + file, config.toProperties()));
    } catch (SQLException e) {
      throw new SqlFailure(file, e).asStoreException("the database can't be opened");
    }
  }
}
