package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.simulation.CopySimulation;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileCopySimulationTest extends CopySimulation {
  @TempDir
  private Path folder;

  @Override
  protected Store another() {
    return FileStores.open(FileStores.fresh(folder, "copy"));
  }

  @Override
  protected int usual() {
    return 15;
  }
}
