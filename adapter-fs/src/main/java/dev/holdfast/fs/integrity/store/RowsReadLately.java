package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.fold.RowKey;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Rows of history that were read and decoded before, as many as a bounded part of the heap takes: who reads in one history for a
 * while, one page or many of it in any order, finds most of them here. Rows whose numbers follow one another are held together, as they are
 * read one after the other; those go first that came first.
 */
final class RowsReadLately {
  private static final long MOST = 32L << 20;
  /** What a small heap may spend on it. */
  private static final int PART_OF_HEAP = 16;
  private static final int TOGETHER_BITS = 3;
  private static final int TOGETHER = 1 << TOGETHER_BITS;
  /** What rows that are held together take beside themselves, and what a row does beside its content. */
  private static final int BESIDE = 256;

  private final Map<RowKey, Together> rows = new ConcurrentHashMap<>();
  private final Queue<Together> order = new ArrayDeque<>();
  /** How many are held of each table, by its code: most that is written is of tables of which nothing is read. */
  private final int[] ofTable = new int[Byte.MAX_VALUE + 1];
  private final long most;
  private long held;

  /** Rows that follow one another. A change never changes, so one that is seen at all is seen whole. */
  private static final class Together {
    private final RowKey key;
    private final @Nullable Change[] changes = new Change[TOGETHER];
    private final int[] bytes = new int[TOGETHER];
    private long allBytes = BESIDE;

    Together(RowKey key) {
      this.key = key;
    }

    /** @return by how much more it holds then */
    int put(int place, Change change, int length) {
      int more = length - bytes[place];
      changes[place] = change;
      bytes[place] = length;
      allBytes += more;
      return more;
    }
  }

  RowsReadLately() {
    this(Math.min(MOST, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  /** @param most bytes that they may take, about */
  RowsReadLately(long most) {
    this.most = most;
  }

  @Nullable
  Change get(RowKey key) {
    Together found = rows.get(together(key));
    return found == null ? null : found.changes[place(key)];
  }

  /** @param length of its bytes in the journal, about */
  void put(RowKey key, Change change, int length) {
    synchronized (order) {
      Together found = rows.get(together(key));
      if (found == null) {
        found = new Together(together(key));
        rows.put(found.key, found);
        order.add(found);
        ofTable[key.table().code()]++;
        held += BESIDE;
      }
      held += found.put(place(key), change, BESIDE + length);
      while (held > most) {
        Together oldest = order.remove();
        rows.remove(oldest.key);
        ofTable[oldest.key.table().code()]--;
        held -= oldest.allBytes;
      }
    }
  }

  /** The key leads to something else from now on. Nobody may read meanwhile. */
  void forget(RowKey key) {
    if (ofTable[key.table().code()] > 0) {
      Together found = rows.get(together(key));
      if (found != null) {
        found.changes[place(key)] = null;
      }
    }
  }

  private static RowKey together(RowKey key) {
    return new RowKey(key.table(), key.owner(), key.number() >>> TOGETHER_BITS, key.text());
  }

  private static int place(RowKey key) {
    return (int) key.number() & (TOGETHER - 1);
  }
}
