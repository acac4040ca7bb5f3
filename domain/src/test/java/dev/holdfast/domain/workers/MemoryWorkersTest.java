package dev.holdfast.domain.workers;

import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;

class MemoryWorkersTest extends WorkersAcceptance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
