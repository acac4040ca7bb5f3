package dev.holdfast.sqlite.integrity.database;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** SQLite copies a database row by row as one of its readers sees it, so what can't be read isn't copied either. */
public final class SqliteStoreSnapshot implements StoreSnapshot {
  private final Path file;

  /** @param folder of the database */
  public SqliteStoreSnapshot(Path folder) {
    this.file = folder.resolve("holdfast.db");
  }

  @Override
  public void copyTo(String folder) {
    Path copies = Path.of(folder).resolve("db");
    Path copy = copies.resolve(file.getFileName().toString());
    try (Sql source = Database.openBeside(file)) {
      Files.createDirectory(copies, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createFile(copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      source.run("VACUUM INTO ?", copy.toString());
      try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
      try (FileChannel channel = FileChannel.open(copies, StandardOpenOption.READ)) {
        channel.force(true);
      }
    } catch (SqlFailure e) {
      throw e.asStoreException("the database can't be copied");
    } catch (IOException e) {
      throw StoreException.io("the database can't be copied", e);
    }
  }
}
