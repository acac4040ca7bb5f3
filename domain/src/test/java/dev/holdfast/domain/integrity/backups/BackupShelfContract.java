package dev.holdfast.domain.integrity.backups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link BackupShelf} promises, and every {@link BackupRestoring} of what stands on it. */
public abstract class BackupShelfContract {
  private static final String FIRST = "backup-20260101T000000Z-00000001";
  private static final String SECOND = "backup-20260102T000000Z-00000002";

  /** One and the same at each call of a test; empty at first. */
  protected abstract BackupShelf shelf();

  private static Path made(String folder) throws IOException {
    Path file = Path.of(folder).resolve("db").resolve("rows");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "rows");
  }

  protected final Backup finished(String id) throws IOException {
    made(shelf().begin(id));
    Backup backup = BackupTest.backup(id, null, shelf().collect(id));
    shelf().finish(backup);
    return backup;
  }

  @Test
  @DisplayName("I-84 backups are told oldest first, each with the files that it holds")
  void listed() throws IOException {
    assertEquals(List.of(), shelf().list());
    Backup second = finished(SECOND);
    Backup first = finished(FIRST);
    assertEquals(List.of(first, second), shelf().list());
    assertTrue(first.files().stream().anyMatch(file -> file.path().equals("db/rows") && file.size() == 4));
    assertTrue(Files.isDirectory(Path.of(shelf().location(FIRST))));
  }

  @Test
  @DisplayName("I-84 what was begun and never finished is no backup, and makes room for the next")
  void unfinished() throws IOException {
    Path left = made(shelf().begin(FIRST));
    assertEquals(List.of(), shelf().list());
    finished(SECOND);
    assertFalse(Files.exists(left));
    Path given = made(shelf().begin(FIRST));
    shelf().abandon(FIRST);
    shelf().abandon(FIRST);
    assertFalse(Files.exists(given));
    assertEquals(1, shelf().list().size());
  }
}
