package dev.holdfast.fs.integrity.index;

import dev.holdfast.fs.integrity.disk.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a {@link Run}. */
final class RunWriter {
  /** So much is synced at a time, so that a unit of work never waits behind more. */
  private static final int PART = 1 << 20;
  private static final String UNFINISHED = ".new";

  private final Disk.File file;
  private final Sieve sieve;
  private final List<Entry> fences = new ArrayList<>();
  private final List<Entry> page = new ArrayList<>(Page.ENTRIES);
  private long entries;
  private long end;
  private long synced;

  private RunWriter(Disk.File file, long most) {
    this.file = file;
    this.sieve = Sieve.of(most);
  }

  /**
   * Makes the file; whoever it is for syncs the folder.
   *
   * @param most as many entries as there can be
   * @param sorted by their keys, each once
   */
  static void write(Disk disk, String name, long most, Iterator<Entry> sorted) throws IOException {
    String unfinished = name + UNFINISHED;
    disk.delete(unfinished);
    try (Disk.File file = disk.create(unfinished)) {
      var writer = new RunWriter(file, most);
      while (sorted.hasNext()) {
        writer.add(sorted.next());
      }
      writer.finish();
    }
    disk.rename(unfinished, name);
  }

  private void add(Entry entry) throws IOException {
    if (page.isEmpty()) {
      fences.add(entry);
    }
    page.add(entry);
    sieve.add(entry);
    entries++;
    if (page.size() == Page.ENTRIES) {
      flush();
    }
  }

  private void flush() throws IOException {
    if (!page.isEmpty()) {
      write(Page.of(page));
      page.clear();
    }
  }

  private void write(byte[] bytes) throws IOException {
    file.write(end, bytes, 0, bytes.length);
    end += bytes.length;
    if (end - synced >= PART) {
      file.sync();
      synced = end;
    }
  }

  private void finish() throws IOException {
    flush();
    ByteBuffer held = ByteBuffer.allocate(fences.size() * Run.FENCE + sieve.bits().length * Long.BYTES);
    fences.forEach(fence -> held.putLong(fence.high()).putLong(fence.low()));
    held.asLongBuffer().put(sieve.bits());
    write(held.array());
    ByteBuffer last = ByteBuffer.allocate(Run.END).putLong(Run.MAGIC).putLong(entries).putInt(fences.size())
        .putInt(sieve.bits().length).putInt(Page.crc(held.array(), 0, held.capacity()));
    last.putInt(Run.END - Integer.BYTES, Page.crc(last.array(), 0, Run.END - Integer.BYTES));
    write(last.array());
    file.sync();
  }

  /** Both in one order; where both have a key, the newer one's place counts. */
  static Iterator<Entry> merged(Iterator<Entry> newer, Iterator<Entry> older) {
    return new Iterator<>() {
      private @Nullable Entry fromNewer = next(newer);
      private @Nullable Entry fromOlder = next(older);

      private static @Nullable Entry next(Iterator<Entry> entries) {
        return entries.hasNext() ? entries.next() : null;
      }

      @Override
      public boolean hasNext() {
        return fromNewer != null || fromOlder != null;
      }

      @Override
      public Entry next() {
        Entry first = fromNewer;
        Entry second = fromOlder;
        if (first == null || (second != null && second.compareTo(first) < 0)) {
          fromOlder = next(older);
          if (second == null) {
            throw new java.util.NoSuchElementException();
          }
          return second;
        }
        if (second != null && second.compareTo(first) == 0) {
          fromOlder = next(older);
        }
        fromNewer = next(newer);
        return first;
      }
    };
  }
}
