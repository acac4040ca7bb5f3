package dev.holdfast.fs.integrity.index;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** A page of a run: up to 170 entries by their keys, how many they are, and the CRC-32C of all that. */
final class Page {
  static final int SIZE = 4096;
  static final int ENTRIES = 170;
  private static final int ENTRY = 3 * Long.BYTES;
  private static final int COUNT = ENTRIES * ENTRY;
  private static final int CRC = COUNT + Integer.BYTES;

  private Page() {}

  static byte[] of(List<Entry> entries) {
    byte[] page = new byte[SIZE];
    ByteBuffer into = ByteBuffer.wrap(page);
    for (Entry entry : entries) {
      into.putLong(entry.high()).putLong(entry.low()).putLong(entry.place());
    }
    into.putInt(COUNT, entries.size()).putInt(CRC, crc(page, 0, CRC));
    return page;
  }

  /** Whether the page is what was written. */
  static boolean isSound(byte[] page) {
    return ByteBuffer.wrap(page).getInt(CRC) == crc(page, 0, CRC) && count(page) >= 0 && count(page) <= ENTRIES;
  }

  /** How many entries a sound page has. */
  static int count(byte[] page) {
    return ByteBuffer.wrap(page).getInt(COUNT);
  }

  static Entry entry(byte[] page, int number) {
    ByteBuffer from = ByteBuffer.wrap(page, number * ENTRY, ENTRY);
    return new Entry(from.getLong(), from.getLong(), from.getLong());
  }

  /** 0 when the key isn't there. */
  static long place(byte[] page, Entry key) {
    int low = 0;
    int high = count(page) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Entry found = entry(page, middle);
      int order = found.compareTo(key);
      if (order == 0) {
        return found.place();
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return 0;
  }

  static int crc(byte[] bytes, int from, int length) {
    var crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
