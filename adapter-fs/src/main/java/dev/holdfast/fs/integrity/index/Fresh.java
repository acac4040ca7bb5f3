package dev.holdfast.fs.integrity.index;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** The entries since the newest run: a hash table with linear probing. */
final class Fresh {
  private static final int LONGS = 3;
  private static final int FIRST_CAPACITY = 1024;

  /** High and low half of a key, and the place, which is 0 where nothing is. */
  private long[] slots = new long[LONGS * FIRST_CAPACITY];
  private int size;

  void put(Entry entry) {
    if (2L * LONGS * size > slots.length) {
      grow();
    }
    int at = slot(slots, entry.high(), entry.low());
    size += slots[at + 2] == 0 ? 1 : 0;
    slots[at] = entry.high();
    slots[at + 1] = entry.low();
    slots[at + 2] = entry.place();
  }

  /** 0 when the key isn't there. */
  long place(Entry key) {
    return slots[slot(slots, key.high(), key.low()) + 2];
  }

  int size() {
    return size;
  }

  /** By their keys. */
  Iterator<Entry> sorted() {
    long[] all = new long[LONGS * size];
    int end = 0;
    for (int at = 0; at < slots.length; at += LONGS) {
      if (slots[at + 2] != 0) {
        System.arraycopy(slots, at, all, end, LONGS);
        end += LONGS;
      }
    }
    Triples.sort(all);
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < all.length;
      }

      @Override
      public Entry next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        next += LONGS;
        return new Entry(all[next - 3], all[next - 2], all[next - 1]);
      }
    };
  }

  private static int slot(long[] slots, long high, long low) {
    int capacity = slots.length / LONGS;
    int at = (int) (Entry.mixed(high, low) >>> 32) & (capacity - 1);
    while (slots[LONGS * at + 2] != 0 && (slots[LONGS * at] != high || slots[LONGS * at + 1] != low)) {
      at = (at + 1) & (capacity - 1);
    }
    return LONGS * at;
  }

  private void grow() {
    long[] larger = new long[2 * slots.length];
    for (int at = 0; at < slots.length; at += LONGS) {
      if (slots[at + 2] != 0) {
        System.arraycopy(slots, at, larger, slot(larger, slots[at], slots[at + 1]), LONGS);
      }
    }
    slots = larger;
  }
}
