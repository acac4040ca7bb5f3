package dev.holdfast.domain.integrity;

/**
 * Changes the backend of a data directory that is held and on which no node runs. The store of the new backend is made in a
 * folder of its own, which is no part of the directory's store until it is {@link #adopt adopted}. The present store is only
 * left, never changed. Or a copy of the whole directory, with a store of any backend, is made elsewhere; this one stays as it is then.
 */
public interface StoreSwitch {

  /**
   * Prepares a folder for a store of that backend. It is empty, or holds the store of a switch to it that was stopped at any
   * place before this directory was of that backend, to be gone on with.
   *
   * @return the folder's path, as {@link StoreOpening} takes it
   * @throws StoreException invalid_request when the directory has a store of that backend already, used or not, that no such
   *     switch has left
   */
  String stage(String backend);

  /** Removes the store that is in a staged folder, so that the next one is begun anew. It must be closed. */
  void empty(String staged);

  /**
   * Puts the store that was made in the staged folder in its place, and names its backend as the directory's, which comes last.
   * Whenever it is stopped, the directory opens with one of the two. The store must be closed.
   *
   * @return where the store is now
   */
  String adopt(String backend);

  /**
   * Prepares a folder for a store of that backend of a copy of this directory. It is empty, or holds the store of such a copy to
   * there that was never adopted; what is left of any other copy to there is removed.
   *
   * @param directory one that is absent or empty
   * @return the folder's path, as {@link StoreOpening} takes it
   * @throws StoreException invalid_request when there is anything in that directory, or it is in this one, or the place where the
   *     copy would be made is taken by something else
   */
  String stageInto(String directory, String backend);

  /**
   * Makes the staged folder, in which there is a closed store of that backend, a data directory with this one's identity, keys and
   * epoch, and gives it its place at last, in one step. Whenever it is stopped, the copy is there whole or not at all.
   *
   * @return where the copy is now
   * @throws StoreException as {@link #stageInto}
   */
  String adoptInto(String directory, String backend);
}
