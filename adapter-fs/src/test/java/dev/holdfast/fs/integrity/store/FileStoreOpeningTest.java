package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.StoreOpeningContract;

class FileStoreOpeningTest extends StoreOpeningContract {
  @Override
  protected StoreOpening opening() {
    return new FileStoreOpening(FileStores.SHORT);
  }
}
