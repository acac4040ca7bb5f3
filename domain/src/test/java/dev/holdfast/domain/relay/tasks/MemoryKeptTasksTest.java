package dev.holdfast.domain.relay.tasks;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;

class MemoryKeptTasksTest extends KeptTasksAcceptance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
