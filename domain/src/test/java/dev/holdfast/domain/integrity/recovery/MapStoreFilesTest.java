package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.integrity.batches.MapFolder;

class MapStoreFilesTest extends StoreFilesContract {
  @Override
  protected StoreFiles open() {
    return new MapStoreFiles(new MapFolder());
  }
}
