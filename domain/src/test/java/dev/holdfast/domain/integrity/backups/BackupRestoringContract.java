package dev.holdfast.domain.integrity.backups;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link BackupRestoring} promises. */
public abstract class BackupRestoringContract {
  @TempDir
  private Path folder;

  protected abstract BackupRestoring restoring();

  /** A finished backup of one file at least. */
  protected abstract Backup backup() throws IOException;

  /** Where that is. */
  protected abstract Path place();

  private String directory() {
    return folder.resolve("restored").toString();
  }

  private Path data(Backup.File file) {
    return place().resolve("data").resolve(file.path());
  }

  @Test
  @DisplayName("I-84 a backup is verified, staged and given its place, with the files that it tells of")
  void restored() throws IOException {
    Backup backup = backup();
    assertEquals(backup, restoring().verified(place().toString()));
    Path staged = Path.of(restoring().stage(place().toString(), directory()));
    assertFalse(Files.exists(Path.of(directory())));
    assertEquals(directory(), restoring().adopt(directory()));
    assertFalse(Files.exists(staged));
    for (Backup.File file : backup.files()) {
      assertEquals(file.size(), Files.size(Path.of(directory()).resolve(file.path())), file.path());
    }
    assertEquals(backup, restoring().verified(place().toString()), "the backup is as it was");
  }

  @Test
  @DisplayName("I-84 each file that is changed, shorter, missing or one too many is found, and nothing is restored")
  void damaged() throws IOException {
    Backup backup = backup();
    for (Backup.File file : backup.files()) {
      byte[] whole = Files.readAllBytes(data(file));
      if (whole.length > 0) {
        byte[] other = whole.clone();
        other[whole.length / 2] ^= 1;
        Files.write(data(file), other);
        corrupt();
      }
      Files.delete(data(file));
      corrupt();
      Files.write(data(file), whole);
    }
    Path more = Files.writeString(place().resolve("data").resolve("more"), "");
    corrupt();
    Files.delete(more);
    assertEquals(backup, restoring().verified(place().toString()));
  }

  @Test
  @DisplayName("I-84 a restore that was stopped is begun anew by the next one")
  void begunAnew() throws IOException {
    backup();
    Files.writeString(Path.of(restoring().stage(place().toString(), directory())).resolve("half"), "");
    assertFalse(Files.exists(Path.of(restoring().stage(place().toString(), directory())).resolve("half")));
    restoring().adopt(directory());
    assertFalse(Files.exists(Path.of(directory()).resolve("half")));
  }

  private void corrupt() {
    assertEquals(Reason.STORE_CORRUPT,
        assertThrows(StoreException.class, () -> restoring().verified(place().toString())).reason());
  }

  @Test
  @DisplayName("I-84 a folder that holds anything is no place to restore to, and what is no backup isn't one")
  void refused() throws IOException {
    backup();
    Files.createDirectories(Path.of(directory()));
    assertTrue(restoring().stage(place().toString(), directory()).contains("restored"));
    Files.writeString(Path.of(directory()).resolve("mine"), "");
    assertEquals(Reason.INVALID_REQUEST, assertThrows(StoreException.class,
        () -> restoring().stage(place().toString(), directory())).reason());
    assertEquals(Reason.INVALID_REQUEST,
        assertThrows(StoreException.class, () -> restoring().adopt(directory())).reason());
    assertEquals(Reason.STORE_MISSING,
        assertThrows(StoreException.class, () -> restoring().verified(folder.toString())).reason());
  }
}
