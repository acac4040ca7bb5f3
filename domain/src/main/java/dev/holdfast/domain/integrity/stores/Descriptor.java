package dev.holdfast.domain.integrity.stores;

/**
 * What a store is for and how it is treated.
 *
 * @param schemaVersion that this version of the product writes, from 1
 * @param relativePath of its file, below the backend's folder
 */
public record Descriptor(
    String schemaName, int schemaVersion, String relativePath, Criticality criticality, StoreOwner owner,
    RebuildStrategy rebuildStrategy) {
  public Descriptor {
    if (schemaVersion < 1) {
      throw new IllegalArgumentException("a schema version is at least 1");
    }
  }

  /** The last part of the path. */
  public String fileName() {
    return relativePath.substring(relativePath.lastIndexOf('/') + 1);
  }
}
