package dev.holdfast.fs.integrity.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} promises while there is power. */
abstract class DiskContract {

  /** The same one for all of a test, empty at first. */
  abstract Disk disk() throws IOException;

  private void write(String name, String text) throws IOException {
    try (Disk.File file = disk().create(name)) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      file.write(0, bytes, 0, bytes.length);
      file.sync();
    }
    disk().sync();
  }

  private String text(String name) throws IOException {
    try (Disk.File file = disk().open(name)) {
      byte[] bytes = new byte[(int) file.size()];
      assertEquals(bytes.length, file.read(0, bytes, 0, bytes.length));
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Test
  @DisplayName("files are made once, listed by name, renamed over others, and deleted, also when they aren't there")
  void names() throws IOException {
    assertEquals(List.of(), disk().list());
    assertThrows(NoSuchFileException.class, () -> disk().open("a"));
    write("b", "of b");
    write("a", "of a");
    assertThrows(FileAlreadyExistsException.class, () -> disk().create("a"));
    disk().folder("folder").create("inside").close();
    assertEquals(List.of("a", "b"), disk().list());
    assertEquals(List.of("inside"), disk().folder("folder").list());
    disk().rename("a", "b");
    assertEquals(List.of("b"), disk().list());
    assertEquals("of a", text("b"));
    disk().delete("a");
    disk().delete("b");
    assertFalse(disk().exists("b"));
    assertTrue(disk().folder("folder").exists("inside"));
  }

  @Test
  @DisplayName("bytes are written anywhere, what lies between is zero, and a cut takes what is behind it")
  void bytes() throws Exception {
    try (Disk.File file = disk().create("file")) {
      file.write(4, new byte[] {0, 1, 2, 3}, 1, 2);
      assertEquals(6, file.size());
      byte[] read = new byte[8];
      assertEquals(6, file.read(0, read, 1, 7));
      assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 1, 2, 0}, read);
      assertEquals(0, file.read(6, read, 0, 8));
      assertEquals(0, file.read(60, read, 0, 8));
      file.truncate(5);
      file.truncate(50);
      assertEquals(5, file.size());
      file.write(1, new byte[] {9}, 0, 1);
      assertEquals(2, file.read(3, read, 0, 8));
      file.sync();
      file.writeDurably(4, new byte[] {0, 5, 6, 7}, 1, 3);
      assertEquals(7, file.read(0, read, 0, 8));
      assertArrayEquals(new byte[] {0, 9, 0, 0, 5, 6, 7, 0}, read);
    }
  }
}
