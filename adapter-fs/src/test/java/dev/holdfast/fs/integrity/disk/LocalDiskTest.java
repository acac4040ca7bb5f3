package dev.holdfast.fs.integrity.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
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
  @DisplayName("I-10 no name leads out of the folder, and no link is followed")
  void namesOnly() throws IOException {
    for (String name : new String[] {"", "..", "a/b", "/etc/passwd"}) {
      assertThrows(IllegalArgumentException.class, () -> disk().open(name));
    }
    disk().create("file").close();
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
    assertThrows(IOException.class, () -> disk().open("link"));
  }

  @Test
  @DisplayName("who is interrupted writes, syncs and reads on, and so does everybody else")
  void interrupted() throws Exception {
    byte[] bytes = ByteBuffer.allocate(200_000).putInt(0, 7).putInt(150, 8).putInt(150_000, 9).array();
    try (Disk.File file = disk().create("file")) {
      Thread.currentThread().interrupt();
      file.write(0, bytes, 0, 100);
      file.writeDurably(100, bytes, 100, 900);
      file.writeDurably(1_000, bytes, 1_000, bytes.length - 1_000);
      file.sync();
      disk().sync();
      byte[] read = new byte[bytes.length];
      assertEquals(bytes.length, file.read(0, read, 0, read.length));
      assertTrue(Thread.interrupted(), "it is told afterwards");
      assertArrayEquals(bytes, read);
      assertEquals(bytes.length, file.read(0, read, 0, read.length));
    }
  }

  @Test
  @DisplayName("a file that was closed is neither read nor written")
  void closed() throws IOException {
    Disk.File file = disk().create("file");
    file.close();
    assertThrows(IOException.class, () -> file.read(0, new byte[1], 0, 1));
    assertThrows(IOException.class, () -> file.write(0, new byte[1], 0, 1));
  }
}
