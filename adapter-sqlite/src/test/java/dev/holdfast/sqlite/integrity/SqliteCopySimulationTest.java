package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.simulation.CopySimulation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.io.TempDir;

class SqliteCopySimulationTest extends CopySimulation {
  @TempDir
  private Path folder;

  @Override
  protected Store another() {
    try {
      return SqliteStore.open(Files.createTempDirectory(folder, "copy").resolve("db"), Instant.EPOCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected int usual() {
    return 15;
  }
}
