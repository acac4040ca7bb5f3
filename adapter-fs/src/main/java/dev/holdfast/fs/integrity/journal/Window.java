package dev.holdfast.fs.integrity.journal;

import dev.holdfast.fs.integrity.disk.Disk;
import java.io.IOException;

/** A file as it is read from front to back, a good part at a time. */
final class Window {
  private static final int PART = 1 << 20;
  private final Disk.File file;
  private final long size;
  private byte[] bytes;
  private long start;
  private int length;

  Window(Disk.File file) throws IOException {
    this.file = file;
    this.size = file.size();
    this.bytes = new byte[(int) Math.min(PART, size)];
  }

  long size() {
    return size;
  }

  /**
   * Brings these bytes of the file into {@link #bytes}, unless the file ends before.
   *
   * @return where they begin there, or -1
   */
  int at(long from, int wanted) throws IOException {
    if (from + wanted > size) {
      return -1;
    }
    if (from < start || from + wanted > start + length) {
      if (bytes.length < wanted) {
        bytes = new byte[Math.max(wanted, 2 * bytes.length)];
      }
      start = from;
      length = file.read(from, bytes, 0, (int) Math.min(bytes.length, size - from));
      if (length < wanted) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    return (int) (from - start);
  }

  /** Valid until the next call of {@link #at}. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether there is nothing but zeros from there to the end. */
  boolean isEmptyFrom(long from) throws IOException {
    long next = from;
    while (next < size) {
      int part = (int) Math.min(PART, size - next);
      int at = at(next, part);
      for (int i = at; i < at + part; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
      next += part;
    }
    return true;
  }
}
