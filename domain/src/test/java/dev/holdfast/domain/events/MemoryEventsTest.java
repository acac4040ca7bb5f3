package dev.holdfast.domain.events;

import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;

class MemoryEventsTest extends EventsAcceptance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
