package dev.holdfast.domain.integrity;

/**
 * Changes the backend of a data directory that is held and on which no node runs. The store of the new backend is made in a
 * folder of its own, which is no part of the directory's store until it is {@link #adopt adopted}. The present store is only
 * left, never changed.
 */
public interface StoreSwitch {

  /**
   * Prepares an empty folder for a store of that backend. What is left of a switch that was never adopted is removed.
   *
   * @return the folder's path, as {@link StoreOpening} takes it
   * @throws StoreException invalid_request when the directory has a store of that backend already, used or not
   */
  String stage(String backend);

  /**
   * Puts the store that was made in the staged folder in its place, and names its backend as the directory's, which comes last.
   * Whenever it is stopped, the directory opens with one of the two. The store must be closed.
   *
   * @return where the store is now
   */
  String adopt(String backend);
}
