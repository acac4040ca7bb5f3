package dev.holdfast.cli.integrity.bench.load;

/**
 * Counts durations in buckets whose width is a 64th of their place, so that a percentile is known to 1.6 % whatever its size
 * (the log-linear layout of HdrHistogram). Used by one thread at a time.
 */
public final class Histogram {
  private static final int SUB_BITS = 6;
  private static final int SUB = 1 << SUB_BITS;
  private static final int MAGNITUDES = Long.SIZE - SUB_BITS;

  private final long[] counts = new long[(MAGNITUDES + 1) * SUB];
  private long total;

  public void record(long nanos) {
    counts[bucket(Math.max(0, nanos))]++;
    total++;
  }

  private static int bucket(long nanos) {
    int magnitude = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - SUB_BITS - 1);
    return (magnitude << SUB_BITS) + (int) (nanos >>> magnitude);
  }

  /** The least duration that falls into a bucket. */
  private static long floor(int bucket) {
    int magnitude = Math.max(0, (bucket >>> SUB_BITS) - 1);
    return (long) (bucket - (magnitude << SUB_BITS)) << magnitude;
  }

  public void add(Histogram other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  public long count() {
    return total;
  }

  /**
   * @param share between 0 and 1
   * @return nanoseconds within which that share of all durations lies; 0 when there are none
   */
  public long percentile(double share) {
    long wanted = (long) Math.ceil(share * total);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return floor(i + 1) - 1;
      }
    }
    return 0;
  }
}
