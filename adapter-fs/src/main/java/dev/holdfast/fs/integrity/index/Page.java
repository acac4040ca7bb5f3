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

  /** How many entries there are; -1 when the page isn't what was written. */
  static int count(byte[] page) {
    ByteBuffer from = ByteBuffer.wrap(page);
    int count = from.getInt(COUNT);
    return from.getInt(CRC) == crc(page, 0, CRC) && count >= 0 && count <= ENTRIES ? count : -1;
  }

  static Entry entry(byte[] page, int number) {
    ByteBuffer from = ByteBuffer.wrap(page, number * ENTRY, ENTRY);
    return new Entry(from.getLong(), from.getLong(), from.getLong());
  }

  /** 0 when the key isn't there. */
  static long place(byte[] page, int count, Entry key) {
    int low = 0;
    int high = count - 1;
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
