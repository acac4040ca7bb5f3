package dev.holdfast.domain.integrity.pruning;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;

class MemoryPruneTest extends PruneAcceptance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
