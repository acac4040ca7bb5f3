package dev.holdfast.domain.relay.publishers;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;

class MemoryPublisherReadsTest extends PublisherReadsContract {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
