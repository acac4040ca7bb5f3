package dev.holdfast.fs.integrity.disk;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** Small files, which are read and written whole. */
public final class WholeFiles {
  private static final String TEMPORARY = ".tmp";

  private WholeFiles() {}

  /** Null when there is no such file. */
  public static byte @Nullable [] read(Disk folder, String name) throws IOException {
    try (Disk.File file = folder.open(name)) {
      byte[] bytes = new byte[Math.toIntExact(file.size())];
      if (file.read(0, bytes, 0, bytes.length) < bytes.length) {
        throw new IOException(name + " became shorter while it was read");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Puts the bytes durably in the place of what had the name (spec I-22); whenever the process or the power goes, the file is
   * as it was or as it is to be.
   *
   * @throws SyncFailure when it may be either
   */
  public static void replace(Disk folder, String name, byte[] bytes) throws IOException {
    String temporary = name + TEMPORARY;
    write(folder, temporary, bytes);
    folder.rename(temporary, name);
    sync(folder);
  }

  /** Writes a file whose content is durable when this returns; its name isn't yet. What had the name is gone. */
  public static void write(Disk folder, String name, byte[] bytes) throws IOException {
    folder.delete(name);
    try (Disk.File file = folder.create(name)) {
      file.write(0, bytes, 0, bytes.length);
      file.sync();
    }
  }

  /** @throws SyncFailure when it fails */
  public static void sync(Disk folder) throws IOException {
    folder.sync();
  }
}
