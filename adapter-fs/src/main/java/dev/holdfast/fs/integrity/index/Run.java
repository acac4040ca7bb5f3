package dev.holdfast.fs.integrity.index;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A file of sorted entries, which never changes: its pages, the first key of each, a {@link Sieve}, and the end that tells where
 * those are. Only keys and sieve are held in memory, 1.4 bytes an entry.
 */
final class Run {
  /** Magic, entries, pages, words of the sieve, CRC of what is between the pages and here, CRC of the end. */
  static final int END = 40;
  static final long MAGIC = 0x48464a2d52554e31L;
  static final int FENCE = 2 * Long.BYTES;
  /** A power of 2. */
  private static final int LATELY = 64;

  private final String name;
  private final Disk.File file;
  private final long entries;
  private final Entry[] fences;
  private final Sieve sieve;
  /** Pages that were read lately, by the last digits of their numbers: rows that are looked for one after the other mostly are in few. */
  private final AtomicReferenceArray<@Nullable Read> lately = new AtomicReferenceArray<>(LATELY);

  /** A page at hand. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Read(int number, byte[] bytes) {}

  private Run(String name, Disk.File file, long entries, Entry[] fences, Sieve sieve) {
    this.name = name;
    this.file = file;
    this.entries = entries;
    this.fences = fences;
    this.sieve = sieve;
  }

  /** Null when there is no such file, or it isn't what was written. */
  static @Nullable Run open(Disk disk, String name) throws IOException {
    if (!disk.exists(name)) {
      return null;
    }
    Disk.File file = disk.open(name);
    Run run = null;
    try {
      run = read(name, file);
    } finally {
      if (run == null) {
        file.close();
      }
    }
    return run;
  }

  private static @Nullable Run read(String name, Disk.File file) throws IOException {
    long size = file.size();
    byte[] bytes = new byte[END];
    if (size < END || file.read(size - END, bytes, 0, END) < END) {
      return null;
    }
    ByteBuffer end = ByteBuffer.wrap(bytes);
    long entries = end.getLong(8);
    int pages = end.getInt(16);
    int words = end.getInt(20);
    long between = (long) pages * FENCE + (long) words * Long.BYTES;
    if (end.getLong(0) != MAGIC || end.getInt(END - 4) != Page.crc(bytes, 0, END - 4) || pages < 0 || words < 1
        || size != (long) pages * Page.SIZE + between + END) {
      return null;
    }
    byte[] held = new byte[Math.toIntExact(between)];
    if (file.read(size - END - between, held, 0, held.length) < held.length
        || end.getInt(24) != Page.crc(held, 0, held.length)) {
      return null;
    }
    ByteBuffer from = ByteBuffer.wrap(held);
    Entry[] fences = new Entry[pages];
    for (int page = 0; page < pages; page++) {
      fences[page] = new Entry(from.getLong(), from.getLong(), 0);
    }
    long[] bits = new long[words];
    from.asLongBuffer().get(bits);
    return new Run(name, file, entries, fences, new Sieve(bits));
  }

  String name() {
    return name;
  }

  long entries() {
    return entries;
  }

  /**
   * 0 when the key isn't there.
   *
   * @throws StoreException store_corrupt when the page that it would be in isn't what was written
   */
  long place(Entry key) {
    if (fences.length == 0 || !sieve.mayHold(key)) {
      return 0;
    }
    int page = pageOf(key);
    if (page < 0) {
      return 0;
    }
    return Page.place(page(page), key);
  }

  private int pageOf(Entry key) {
    int low = 0;
    int high = fences.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (fences[middle].compareTo(key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  private byte[] page(int number) {
    Read read = lately.get(number & (LATELY - 1));
    if (read != null && read.number() == number) {
      return read.bytes();
    }
    byte[] bytes = new byte[Page.SIZE];
    try {
      if (file.read((long) number * Page.SIZE, bytes, 0, Page.SIZE) == Page.SIZE && Page.isSound(bytes)) {
        lately.set(number & (LATELY - 1), new Read(number, bytes));
        return bytes;
      }
    } catch (IOException e) {
      throw DiskFailure.of("the index could not be read", e);
    }
    throw StoreException.unusable(Reason.STORE_CORRUPT, name + " is damaged; it is made anew when it is taken away");
  }

  /** All of them, by their keys. */
  Iterator<Entry> iterator() {
    return new Iterator<>() {
      private int page = -1;
      private byte[] bytes = new byte[0];
      private int count;
      private int next;

      @Override
      public boolean hasNext() {
        if (next == count && page + 1 < fences.length) {
          bytes = page(++page);
          count = Page.count(bytes);
          next = 0;
        }
        return next < count;
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return Page.entry(bytes, next++);
      }
    };
  }

  void close() throws IOException {
    file.close();
  }
}
