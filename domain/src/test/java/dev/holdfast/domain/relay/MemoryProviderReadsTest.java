package dev.holdfast.domain.relay;

import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;

class MemoryProviderReadsTest extends ProviderReadsContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
