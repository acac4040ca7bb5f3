package dev.holdfast.domain.integrity.backups;

import dev.holdfast.domain.integrity.StoreException;

/** Copies an open store while it works. */
@FunctionalInterface
public interface StoreSnapshot {

  /**
   * Makes a copy of the store as it is at one point of time, at which nothing that was acknowledged before is missing. Callers are
   * not held up for longer than it takes to find that point.
   *
   * @param folder as StoreOpening takes it; it has no store yet
   * @throws StoreException when it can't be read or written; what is there then is of no use
   */
  void copyTo(String folder);
}
