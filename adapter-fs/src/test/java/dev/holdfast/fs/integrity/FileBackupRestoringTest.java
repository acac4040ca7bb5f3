package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupRestoring;
import dev.holdfast.domain.integrity.backups.BackupRestoringContract;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBackupRestoringTest extends BackupRestoringContract {
  private static final String ID = "backup-20260101T000000Z-00000001";

  @TempDir
  Path parent = Path.of(".");

  private FileBackupShelf shelf() {
    return new FileBackupShelf(parent.resolve("data"));
  }

  @Override
  protected BackupRestoring restoring() {
    return new FileBackupRestoring();
  }

  @Override
  protected Backup backup() throws IOException {
    var directory = FileDataDirectory.open(parent.resolve("data"), "sqlite", FileDataDirectoryTest.NOW,
        FileDataDirectoryTest.IDS);
    directory.auditKey();
    directory.close();
    Path data = Path.of(shelf().begin(ID));
    Files.createDirectories(data.resolve("db"));
    Files.writeString(data.resolve("db").resolve("rows"), "rows");
    var backup = new Backup(ID, directory.id(), "sqlite", directory.epoch(), FileDataDirectoryTest.NOW, null,
        new ExportSum(1, ContentHash.of(new byte[0])), shelf().collect(ID));
    shelf().finish(backup);
    return shelf().list().getFirst();
  }

  @Override
  protected Path place() {
    return Path.of(shelf().location(ID));
  }

  @Test
  @DisplayName("I-84 a folder beside the place that no restore of ours has left stays, and is told")
  void foreign() throws IOException {
    backup();
    Path mine = Files.writeString(Files.createDirectory(parent.resolve("new.restoring")).resolve("mine"), "text");
    StoreException refused = assertThrows(StoreException.class,
        () -> restoring().stage(place().toString(), parent.resolve("new").toString()));
    assertEquals(Reason.INVALID_REQUEST, refused.reason());
    assertTrue(String.valueOf(refused.getMessage()).contains("new.restoring"), refused.getMessage());
    assertEquals("text", Files.readString(mine));
  }
}
