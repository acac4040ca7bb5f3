package dev.holdfast.domain.integrity;

/** Opens the stores of one backend in folders beside the one that a node of that backend has. */
@FunctionalInterface
public interface StoreOpening {

  /**
   * Opens what is there, and makes an empty store where nothing is.
   *
   * @param folder in which the backend's own folder is, as it is in a data directory
   * @throws StoreException when it can't be opened
   */
  Store open(String folder);
}
