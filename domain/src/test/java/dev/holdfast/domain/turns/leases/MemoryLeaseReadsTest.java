package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;

class MemoryLeaseReadsTest extends LeaseReadsContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
