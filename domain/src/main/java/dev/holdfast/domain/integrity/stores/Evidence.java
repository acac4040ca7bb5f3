package dev.holdfast.domain.integrity.stores;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;

/**
 * Where what was found damaged is kept (spec I-7). Nothing that is there is ever changed or removed; equal evidence is kept
 * once.
 */
public interface Evidence {

  /**
   * Keeps a durable copy.
   *
   * @param file the fixed name of what the bytes are of, never one that a record tells (spec I-10)
   * @param state as which it was found
   * @return the copy's name
   * @throws StoreException when the disk fails
   */
  String keep(String file, Reason state, byte[] bytes);
}
