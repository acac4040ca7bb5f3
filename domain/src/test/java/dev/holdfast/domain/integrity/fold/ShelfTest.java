package dev.holdfast.domain.integrity.fold;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.integrity.fold.Image.Open;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShelfTest {
  private static final int STEPS = 20_000;
  private static final int IDS = 60;

  @Test
  @DisplayName("a shelf holds what a sorted map would hold, whatever is put and removed, in whatever order")
  void asAMap() {
    for (long seed = 1; seed <= 5; seed++) {
      var chance = new SplittableRandom(seed);
      var shelf = new Shelf<String, Integer>();
      var map = new TreeMap<Long, Open<String, Integer>>();
      for (int step = 0; step < STEPS; step++) {
        // What is new mostly is the highest, and what goes mostly the lowest.
        long base = step / 10;
        long id = 1 + base + chance.nextInt(IDS);
        if (chance.nextInt(3) == 0) {
          long gone = map.isEmpty() || chance.nextBoolean() ? id : map.firstKey();
          shelf.remove(gone);
          map.remove(gone);
        } else {
          var item = new Open<>(id, "fact", step);
          shelf.put(item);
          map.put(id, item);
        }
        assertEquals(map.get(id), shelf.get(id), "seed " + seed);
        assertEquals(map.isEmpty(), shelf.isEmpty(), "seed " + seed);
        if (step % 97 == 0) {
          assertEquals(List.copyOf(map.values()), shelf.all(), "seed " + seed);
          assertEquals(List.copyOf(map.tailMap(id, false).values()), shelf.behind(item -> item.id() <= id).toList(),
              "seed " + seed);
        }
      }
      assertEquals(List.copyOf(map.values()), shelf.stream().toList(), "seed " + seed);
    }
  }
}
