package dev.holdfast.fs.integrity.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.fold.RowKey;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowIndexTest {
  private static final List<Table> TABLES = List.of(Table.values());

  @TempDir
  Path folder;

  private static RowKey key(SplittableRandom chance) {
    Table table = TABLES.get(chance.nextInt(TABLES.size()));
    return chance.nextInt(4) == 0
        ? new RowKey(table, chance.nextInt(3), 0, "key " + chance.nextInt(900))
        : new RowKey(table, chance.nextInt(3), chance.nextInt(900), null);
  }

  @Test
  @DisplayName("I-13 (index) keys lead to their newest place, over merges and reopening; others lead nowhere")
  void model() throws IOException {
    var disk = new LocalDisk(folder);
    for (long seed = 1; seed <= 5; seed++) {
      var chance = new SplittableRandom(seed);
      Map<RowKey, Long> model = new HashMap<>();
      RowIndex index = RowIndex.empty(disk);
      List<String> names = List.of();
      for (long step = 1; step <= 40_000; step++) {
        RowKey key = key(chance);
        index.put(key, step);
        model.put(key, step);
        if (chance.nextInt(3_000) == 0) {
          names = merged(index, seed * 1_000_000 + step, chance);
        }
        if (chance.nextInt(9_000) == 0) {
          names = merged(index, seed * 1_000_000 + step, chance);
          index.close();
          index = RowIndex.open(disk, names);
          assertNotNull(index);
        }
        RowKey asked = key(chance);
        assertEquals(model.getOrDefault(asked, 0L), index.get(asked), "seed " + seed + ", step " + step);
      }
      assertTrue(names.size() < 12, names::toString);
      index.close();
    }
  }

  /** What is put while the run is written is newer than it. */
  private static List<String> merged(RowIndex index, long number, SplittableRandom chance) throws IOException {
    index.seal();
    if (chance.nextInt(5) == 0) {
      index.unseal();
      index.seal();
    }
    RowIndex.Merge merge = index.run(number);
    index.take(merge);
    return merge.names();
  }

  @Test
  @DisplayName("I-24 (index) a run with any byte changed or cut is not opened, or says so where it is read; it never misleads")
  void damaged() throws IOException {
    var disk = new LocalDisk(folder);
    RowIndex index = RowIndex.empty(disk);
    for (long number = 1; number <= 400; number++) {
      index.put(new RowKey(Table.EVENT, 0, number, null), number);
    }
    index.seal();
    String name = index.run(1).names().getFirst();
    index.close();
    byte[] whole = bytes(disk, name);
    var chance = new SplittableRandom(1);
    for (int round = 0; round < 600; round++) {
      byte[] damaged = whole.clone();
      damaged[chance.nextInt(damaged.length)] ^= (byte) (1 << chance.nextInt(8));
      requireHonest(disk, name, damaged);
    }
    for (int length = 0; length < whole.length; length += 97) {
      requireHonest(disk, name, Arrays.copyOf(whole, length));
    }
    disk.delete(name);
    assertNull(RowIndex.open(disk, List.of(name)));
  }

  private static void requireHonest(Disk disk, String name, byte[] bytes) throws IOException {
    disk.delete(name);
    try (Disk.File file = disk.create(name)) {
      file.write(0, bytes, 0, bytes.length);
    }
    RowIndex index = RowIndex.open(disk, List.of(name));
    if (index == null) {
      return;
    }
    for (long number = 1; number <= 401; number++) {
      try {
        long place = index.get(new RowKey(Table.EVENT, 0, number, null));
        assertEquals(number <= 400 ? number : 0, place);
      } catch (StoreException e) {
        assertEquals(Reason.STORE_CORRUPT, e.reason());
      }
    }
    index.close();
  }

  private static byte[] bytes(Disk disk, String name) throws IOException {
    try (Disk.File file = disk.open(name)) {
      byte[] bytes = new byte[(int) file.size()];
      file.read(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  @Test
  @DisplayName("a worker's number that doesn't fit the key is refused, not mistaken for another")
  void tooLarge() {
    RowIndex index = RowIndex.empty(new LocalDisk(folder));
    assertThrows(IllegalArgumentException.class, () -> index.put(new RowKey(Table.EVENT, 1L << 60, 1, null), 1));
  }
}
