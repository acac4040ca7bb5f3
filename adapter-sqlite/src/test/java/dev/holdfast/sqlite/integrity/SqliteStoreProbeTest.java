package dev.holdfast.sqlite.integrity;

import dev.holdfast.domain.integrity.StoreProbe;
import dev.holdfast.domain.integrity.StoreProbeContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreProbeTest extends StoreProbeContract {
  @TempDir
  private Path folder;

  @Override
  protected StoreProbe open() {
    return SqliteStoreProbe.open(folder.resolve("probe"));
  }

  @Override
  protected long bytesInFolder() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
