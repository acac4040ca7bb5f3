package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The copy of the whole database that is made before its schema changes (spec I-83). It has its name only when it was read again
 * and holds what the database holds. A start that was killed and is made again finds the copy that it made before.
 */
public final class MigrationBackup {
  private static final int KEPT = 3;
  private static final String PREFIX = "migration-";
  private static final String SUFFIX = ".db";
  private static final String UNFINISHED = ".tmp";
  private static final int SHORT = 16;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path folder;

  /** @param folder for backups; it is made when the first one is */
  public MigrationBackup(Path folder) {
    this.folder = folder;
  }

  /**
   * Makes a backup, unless there is one of the same contents, and removes the oldest beyond the last three.
   *
   * @param source of which nothing is changed
   * @param version of its schema
   * @return the backup's file
   * @throws StoreException store_corrupt when the database can't be read as a whole, or the copy isn't the same
   */
  public Path make(Sql source, int version, Instant now) {
    try {
      String digest = Rows.digest(source);
      String kind = "-schema-" + version + "-" + digest.substring(0, SHORT) + SUFFIX;
      makeFolder();
      Optional<Path> known =
          all().filter(file -> file.toString().endsWith(kind) && isWhole(file, version, digest)).findFirst();
      if (known.isPresent()) {
        return known.get();
      }
      Path unfinished = folder.resolve(PREFIX + "unfinished" + UNFINISHED);
      write(source, unfinished);
      if (!isWhole(unfinished, version, digest)) {
        throw StoreException.unusable(Reason.STORE_CORRUPT,
            "the backup before the schema's change isn't what the database"
                + " holds; restore the data directory from a backup");
      }
      Path made = folder.resolve(PREFIX + TIME.format(now) + kind);
      sync(unfinished, StandardOpenOption.WRITE);
      Files.move(unfinished, made, StandardCopyOption.ATOMIC_MOVE);
      sync(folder, StandardOpenOption.READ);
      removeOldest(made);
      return made;
    } catch (SqlFailure e) {
      throw e.asStoreException("no backup can be made before the schema's change");
    } catch (IOException e) {
      throw StoreException.io("no backup can be made before the schema's change", e);
    }
  }

  private void makeFolder() throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path parent = folder.toAbsolutePath().getParent();
      if (parent != null) {
        sync(parent, StandardOpenOption.READ);
      }
    }
  }

  /** In the order of their times. */
  private Stream<Path> all() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith(PREFIX)
          && file.toString().endsWith(SUFFIX)).sorted(Comparator.comparing(Path::toString)).toList().stream();
    }
  }

  /** SQLite writes it row by row, so what can't be read isn't copied either. */
  private static void write(Sql source, Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(file.resolveSibling(file.getFileName() + "-journal"));
    Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    source.run("VACUUM INTO ?", file.toString());
  }

  private static boolean isWhole(Path file, int version, String digest) {
    try (Sql copy = Database.openAsItIs(file)) {
      return copy.first("PRAGMA user_version", row -> row.getInt(1)).equals(Optional.of(version))
          && copy.all("PRAGMA integrity_check(1)", row -> row.getString(1)).equals(List.of("ok"))
          && copy.all("PRAGMA foreign_key_check", _ -> true).isEmpty()
          && Rows.digest(copy).equals(digest);
    } catch (SqlFailure | StoreException _) {
      return false;
    }
  }

  private void removeOldest(Path made) throws IOException {
    List<Path> files = all().filter(file -> !file.equals(made)).toList();
    for (Path old : files.subList(0, Math.max(0, files.size() + 1 - KEPT))) {
      Files.delete(old);
    }
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }
}
