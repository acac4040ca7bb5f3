package dev.holdfast.fs.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.DirectoryInspectionContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDirectoryInspectionTest extends DirectoryInspectionContract {
  @TempDir
  Path parent = Path.of(".");

  private Path folder() {
    return parent.resolve("data");
  }

  @Override
  protected DirectoryInspection inspect() {
    return new FileDirectoryInspection(folder());
  }

  @Override
  protected void use() {
    FileDataDirectory.open(folder(), "sqlite", FileDataDirectoryTest.NOW, FileDataDirectoryTest.IDS).close();
  }

  @Override
  protected Object everything() throws IOException {
    return Snapshots.of(parent);
  }

  @Test
  @DisplayName("I-3 a folder's holder is told from one that was killed, and keeps its lock")
  void holders() throws IOException {
    try (OpeningProcess node = OpeningProcess.start(folder())) {
      var holder = assertInstanceOf(DirectoryInspection.Holder.Running.class, inspect().holder());
      assertTrue(holder.description().contains("process " + node.pid()), holder.description());
      try (OpeningProcess second = OpeningProcess.start(folder())) {
        assertTrue(second.answer().startsWith("data_dir_locked"), second.answer());
      }
      node.kill();
      var gone = assertInstanceOf(DirectoryInspection.Holder.Gone.class, inspect().holder());
      assertTrue(gone.description().contains("process " + node.pid()), gone.description());
    }
  }

  @Test
  @DisplayName("a lock that is held is told although its holder's entry names no process of this machine")
  void holderElsewhere() throws IOException {
    try (OpeningProcess node = OpeningProcess.start(folder())) {
      Files.writeString(folder().resolve("holdfast.lock"),
          "{\"pid\":99999999,\"started_at\":\"2026-01-01T00:00:00Z\"}");
      assertInstanceOf(DirectoryInspection.Holder.Running.class, inspect().holder(), node.answer());
    }
  }

  @Test
  @DisplayName("A-106 many checks that ask at once who holds a folder don't stand in each other's way")
  void asked() throws Exception {
    use();
    Files.writeString(folder().resolve("holdfast.lock"), "{\"pid\":99999999,\"started_at\":\"2026-01-01T00:00:00Z\"}");
    try (var checks = Executors.newFixedThreadPool(4)) {
      for (var answer : checks.invokeAll(Collections.nCopies(200, () -> inspect().holder()))) {
        assertInstanceOf(DirectoryInspection.Holder.Gone.class, answer.get());
      }
    }
  }

  @Test
  @DisplayName("A-73 a folder that others can read is refused with the command that mends it, a broken store.json as well")
  void refused() throws IOException {
    use();
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxr-x---"));
    var loose = assertInstanceOf(DirectoryInspection.Standing.Refused.class, inspect().standing());
    assertEquals(Reason.DATA_DIR_PERMISSIONS, loose.reason());
    assertTrue(loose.note().contains("chmod 700 " + folder()), loose.note());
    Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));
    Files.writeString(folder().resolve("store.json"), "{}");
    assertEquals(Reason.STORE_CORRUPT,
        assertInstanceOf(DirectoryInspection.Standing.Refused.class, inspect().standing()).reason());
  }
}
