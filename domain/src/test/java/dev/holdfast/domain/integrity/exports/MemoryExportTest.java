package dev.holdfast.domain.integrity.exports;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;

class MemoryExportTest extends ExportSuite {
  @Override
  protected Store open() {
    return new MemoryStore();
  }

  @Override
  protected boolean isDurable() {
    return false;
  }

  @Override
  protected Store another() {
    return new MemoryStore();
  }
}
