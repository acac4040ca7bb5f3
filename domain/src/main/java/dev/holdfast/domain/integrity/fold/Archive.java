package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.StoreException;
import org.jspecify.annotations.Nullable;

/**
 * Where the fold over units of work keeps its history: rows that are found by their key alone, and read from the change that
 * wrote them. What is looked through, or changes often, is no history; the fold holds that itself.
 *
 * <p>Not for several threads at once, but for {@link #find}.
 */
public interface Archive {

  /**
   * From now on the key leads to this change, in the place of any before it.
   *
   * @param change of the unit that is being applied
   */
  void keep(RowKey key, Change change);

  /**
   * An equal change to that which was kept last under the key; null when none was.
   *
   * @throws StoreException when it can't be read
   */
  @Nullable
  Change find(RowKey key);
}
