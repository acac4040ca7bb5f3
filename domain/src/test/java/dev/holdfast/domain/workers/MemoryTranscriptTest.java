package dev.holdfast.domain.workers;

import dev.holdfast.domain.integrity.MemoryStore;
import dev.holdfast.domain.integrity.Store;

class MemoryTranscriptTest extends TranscriptAcceptance {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }
}
