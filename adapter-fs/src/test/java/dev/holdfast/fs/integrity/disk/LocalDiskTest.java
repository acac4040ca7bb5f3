package dev.holdfast.fs.integrity.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDiskTest extends DiskContract {
  @TempDir
  Path folder;

  @Override
  Disk disk() {
    return new LocalDisk(folder);
  }

  @Test
  @DisplayName("files and folders are for their owner only")
  void ownerOnly() throws IOException {
    disk().folder("folder").create("file").close();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("folder"))));
    assertEquals("rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("folder/file"))));
  }

  @Test
  @DisplayName("I-10 no name leads out of the folder")
  void namesOnly() {
    for (String name : new String[] {"", "..", "a/b", "/etc/passwd"}) {
      assertThrows(IllegalArgumentException.class, () -> disk().open(name));
    }
  }

  @Test
  @DisplayName("who is interrupted while reading reads on, and so does everybody else")
  void interrupted() throws IOException {
    try (Disk.File file = disk().create("file")) {
      file.write(0, new byte[] {7}, 0, 1);
      byte[] read = new byte[1];
      Thread.currentThread().interrupt();
      assertEquals(1, file.read(0, read, 0, 1));
      assertTrue(Thread.interrupted(), "it is told afterwards");
      assertEquals(1, file.read(0, read, 0, 1));
      assertEquals(7, read[0]);
    }
  }
}
