package dev.holdfast.domain.access;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keys as one consistent state shows them. */
public interface AccessReads {
  Optional<Key> key(String id);

  /**
   * @param after only keys whose id is greater
   * @param role only keys of that role, or of all when null
   * @return by id, at most {@code limit}
   */
  List<Key> keys(String after, int limit, @Nullable Role role);

  /** Keys of any state; 0 tells a first start. */
  long keyCount();
}
