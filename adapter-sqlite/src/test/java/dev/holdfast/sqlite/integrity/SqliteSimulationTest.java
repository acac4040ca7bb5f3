package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.simulation.Backend;
import dev.holdfast.domain.turns.simulation.TwinSimulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

class SqliteSimulationTest extends TwinSimulation {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path folder;

  @Override
  protected Backend backend(long seed) {
    return new Reopening(fresh(seed));
  }

  @Override
  protected int usual() {
    return 40;
  }

  private Path fresh(long seed) {
    try {
      return Files.createTempDirectory(folder, "seed-" + seed + "-").resolve("db");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Reopening(Path database) implements Backend {
    @Override
    public Store open() {
      return SqliteStore.open(database, START);
    }

    @Override
    public Store restart(Store killed) {
      killed.close();
      return open();
    }
  }
}
