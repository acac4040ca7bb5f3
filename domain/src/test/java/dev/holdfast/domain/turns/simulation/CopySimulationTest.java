package dev.holdfast.domain.turns.simulation;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.fold.MemoryStore;

class CopySimulationTest extends CopySimulation {
  @Override
  protected Store another() {
    return new MemoryStore();
  }

  @Override
  protected int usual() {
    return 100;
  }
}
