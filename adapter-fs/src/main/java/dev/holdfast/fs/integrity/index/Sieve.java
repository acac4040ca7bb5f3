package dev.holdfast.fs.integrity.index;

/**
 * Tells of most keys that aren't in a run that they aren't (Bloom, "Space/time trade-offs in hash coding with allowable errors",
 * 1970): ten bits a key, of which seven are looked at, leave about one miss in a hundred.
 *
 * @param bits 64 to a word
 */
@SuppressWarnings("ArrayRecordComponent")
record Sieve(long[] bits) {
  private static final int BITS_PER_KEY = 10;
  private static final int LOOKS = 7;

  static Sieve of(long keys) {
    return new Sieve(new long[Math.toIntExact(Math.max(1, (keys * BITS_PER_KEY + Long.SIZE - 1) / Long.SIZE))]);
  }

  void add(Entry key) {
    long hash = key.mixed();
    for (int look = 0; look < LOOKS; look++) {
      long bit = bit(hash, look);
      bits[(int) (bit >>> 6)] |= 1L << bit;
    }
  }

  boolean mayHold(Entry key) {
    long hash = key.mixed();
    for (int look = 0; look < LOOKS; look++) {
      long bit = bit(hash, look);
      if ((bits[(int) (bit >>> 6)] & (1L << bit)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Two halves of one hash serve for all looks: Kirsch and Mitzenmacher, "Less hashing, same performance", 2006. */
  private long bit(long hash, int look) {
    long mixed = (hash >>> 32) + look * ((hash & 0xffffffffL) | 1);
    return Long.remainderUnsigned(mixed, (long) bits.length * Long.SIZE);
  }
}
