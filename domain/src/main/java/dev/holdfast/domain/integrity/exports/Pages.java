package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.workers.Worker;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** Going through a table from its beginning. */
final class Pages {
  /** Of rows that are short. */
  static final int MANY = 512;
  /** Of rows that may have long texts. */
  static final int FEW = 64;

  private Pages() {}

  /**
   * Tells every row.
   *
   * @param <K> what a page begins behind
   * @param page the rows behind a key, as many as {@code limit} where there are so many
   */
  static <K, T> void each(K start, Function<T, K> key, int limit, BiFunction<K, Integer, List<T>> page,
      Consumer<T> to) {
    K behind = start;
    while (true) {
      List<T> rows = page.apply(behind, limit);
      rows.forEach(to);
      if (rows.size() < limit) {
        return;
      }
      K next = key.apply(rows.getLast());
      if (next.equals(behind)) {
        throw damaged("a page of rows leads to itself");
      }
      behind = next;
    }
  }

  static void eachWorker(State state, Consumer<Worker> to) {
    each(0L, worker -> worker.id().number(), MANY, (after, limit) -> state.workers(after, limit, null, null), to);
  }

  static StoreException damaged(String what) {
    return StoreException.unusable(Reason.STORE_CORRUPT, what + "; holdfast doctor tells more");
  }
}
