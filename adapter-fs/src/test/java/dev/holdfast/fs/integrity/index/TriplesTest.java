package dev.holdfast.fs.integrity.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TriplesTest {
  private static final int MOST = 3_000;

  private static List<Entry> entries(long[] all) {
    List<Entry> entries = new ArrayList<>();
    for (int at = 0; at < all.length; at += 3) {
      entries.add(new Entry(all[at], all[at + 1], all[at + 2]));
    }
    return entries;
  }

  /** @param keys that there are, or nearly so; few have many that are equal */
  private static void sorts(long seed, int count, int keys) {
    var chance = new SplittableRandom(seed);
    long[] all = new long[3 * count];
    for (int at = 0; at < all.length; at += 3) {
      all[at] = chance.nextInt(-2, 3);
      all[at + 1] = seed % 3 == 0 ? at / keys : seed % 3 == 1 ? -at / keys : chance.nextInt(-keys, keys);
      // Of equal keys any may come first, so they have one place.
      all[at + 2] = 31 * all[at] + all[at + 1];
    }
    List<Entry> expected = entries(all);
    Collections.sort(expected);

    Triples.sort(all);

    assertEquals(expected, entries(all), "seed " + seed + ", " + count + " of " + keys);
  }

  @Test
  @DisplayName("triples are sorted by their first two numbers, whatever their order was")
  void sorted() {
    for (long seed = 1; seed <= 300; seed++) {
      var chance = new SplittableRandom(seed);
      sorts(seed, seed < 40 ? (int) seed - 1 : chance.nextInt(MOST), chance.nextInt(1, MOST));
    }
  }
}
