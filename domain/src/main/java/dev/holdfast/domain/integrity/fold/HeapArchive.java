package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** History in memory. */
final class HeapArchive implements Archive {
  private final Map<RowKey, Change> rows = new HashMap<>();

  @Override
  public void keep(RowKey key, Change change) {
    rows.put(key, change);
  }

  @Override
  public @Nullable Change find(RowKey key) {
    return rows.get(key);
  }
}
