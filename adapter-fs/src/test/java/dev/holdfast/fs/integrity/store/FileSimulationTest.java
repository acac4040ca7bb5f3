package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.simulation.Backend;
import dev.holdfast.domain.turns.simulation.TwinSimulation;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileSimulationTest extends TwinSimulation {
  @TempDir
  private Path folder;

  @Override
  protected Backend backend(long seed) {
    return new Reopening(FileStores.fresh(folder, "seed-" + seed + "-"));
  }

  @Override
  protected int usual() {
    return 40;
  }

  private record Reopening(Path folder) implements Backend {
    @Override
    public Store open() {
      return FileStores.open(folder);
    }

    @Override
    public Store restart(Store killed) {
      killed.close();
      return open();
    }
  }
}
