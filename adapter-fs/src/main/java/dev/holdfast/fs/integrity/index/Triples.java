package dev.holdfast.fs.integrity.index;

/**
 * Sorts triples of numbers where they stand, by the first two: a million entries as objects took longer to sort than to write.
 * Quicksort with the median of three, as Sedgewick, "Implementing quicksort programs", 1978, has it.
 */
final class Triples {
  private static final int LONGS = 3;
  /** Fewer are sorted by insertion. */
  private static final int FEW = 12;

  private Triples() {}

  static void sort(long[] all) {
    sort(all, 0, all.length / LONGS - 1);
  }

  private static void sort(long[] all, int first, int last) {
    int low = first;
    int high = last;
    while (high - low >= FEW) {
      int border = partition(all, low, high);
      // The shorter part first, so that the calls in one another are few.
      if (border - low < high - border) {
        sort(all, low, border);
        low = border + 1;
      } else {
        sort(all, border + 1, high);
        high = border;
      }
    }
    insert(all, low, high);
  }

  /** @return up to where the lower ones are; neither part is empty */
  private static int partition(long[] all, int first, int last) {
    int middle = median(all, first, (first + last) >>> 1, last);
    long high = all[LONGS * middle];
    long low = all[LONGS * middle + 1];
    int up = first - 1;
    int down = last + 1;
    while (true) {
      do {
        up++;
      } while (compare(all, up, high, low) < 0);
      do {
        down--;
      } while (compare(all, down, high, low) > 0);
      if (up >= down) {
        return Math.min(down, last - 1);
      }
      swap(all, up, down);
    }
  }

  private static int median(long[] all, int a, int b, int c) {
    if (less(all, a, b)) {
      return less(all, b, c) ? b : less(all, a, c) ? c : a;
    }
    return less(all, a, c) ? a : less(all, b, c) ? c : b;
  }

  private static void insert(long[] all, int first, int last) {
    for (int next = first + 1; next <= last; next++) {
      for (int at = next; at > first && less(all, at, at - 1); at--) {
        swap(all, at, at - 1);
      }
    }
  }

  private static boolean less(long[] all, int one, int other) {
    return compare(all, one, all[LONGS * other], all[LONGS * other + 1]) < 0;
  }

  private static int compare(long[] all, int one, long high, long low) {
    int compared = Long.compare(all[LONGS * one], high);
    return compared != 0 ? compared : Long.compare(all[LONGS * one + 1], low);
  }

  private static void swap(long[] all, int one, int other) {
    for (int at = 0; at < LONGS; at++) {
      long held = all[LONGS * one + at];
      all[LONGS * one + at] = all[LONGS * other + at];
      all[LONGS * other + at] = held;
    }
  }
}
