package dev.holdfast.domain.access;

import java.util.Optional;

/** Keys as one consistent state shows them. */
public interface AccessReads {
  Optional<Key> key(String id);

  /** Keys of any state; 0 tells a first start. */
  long keyCount();
}
