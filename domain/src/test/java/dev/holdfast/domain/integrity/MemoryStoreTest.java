package dev.holdfast.domain.integrity;

import dev.holdfast.domain.integrity.fold.MemoryStore;

class MemoryStoreTest extends StoreContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
