package dev.holdfast.fs.integrity.index;

import dev.holdfast.domain.Digests;
import dev.holdfast.domain.integrity.fold.RowKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A row's key in 128 bits, and its place. A key of numbers is its own; of a text it is a part of the SHA-256, so that no two
 * texts that anybody finds are one.
 *
 * @param place above 0, or 0 in a key that is looked for
 */
record Entry(long high, long low, long place) implements Comparable<Entry> {
  private static final int OWNER_BITS = 55;
  private static final int TABLE_SHIFT = OWNER_BITS + 1;
  private static final long BY_TEXT = 1L << OWNER_BITS;

  static Entry of(RowKey key, long place) {
    long table = (long) key.table().code() << TABLE_SHIFT;
    if (key.text() == null) {
      if (key.owner() >>> OWNER_BITS != 0) {
        throw new IllegalArgumentException("no owner has the number " + key.owner());
      }
      return new Entry(table | key.owner(), key.number(), place);
    }
    ByteBuffer hash =
        ByteBuffer.wrap(Digests.sha256((key.owner() + "/" + key.text()).getBytes(StandardCharsets.UTF_8)));
    return new Entry(table | BY_TEXT | (hash.getLong() >>> (Long.SIZE - OWNER_BITS)), hash.getLong(), place);
  }

  /** Fibonacci hashing, Knuth, The Art of Computer Programming 3, section 6.4. */
  static long mixed(long high, long low) {
    return ((high * 0x9e3779b97f4a7c15L) ^ low) * 0x9e3779b97f4a7c15L;
  }

  /** Another hash of the key than the one that a table is filled by, or all that falls together there would do so here. */
  long mixed() {
    long half = mixed(high, low);
    return (half ^ (half >>> 29)) * 0xbf58476d1ce4e5b9L;
  }

  /** By key. */
  @Override
  public int compareTo(Entry other) {
    return high != other.high ? Long.compare(high, other.high) : Long.compare(low, other.low);
  }
}
