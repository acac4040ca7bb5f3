package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.backups.BackupShelf;
import dev.holdfast.domain.integrity.backups.BackupShelfContract;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileBackupShelfTest extends BackupShelfContract {
  @TempDir
  Path parent = Path.of(".");

  @BeforeEach
  void directory() {
    FileDataDirectory.open(parent.resolve("data"), "sqlite", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS)
        .close();
  }

  @Override
  protected BackupShelf shelf() {
    return new FileBackupShelf(parent.resolve("data"));
  }
}
