package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.DiskProbeContract;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

class FileDiskProbeTest extends DiskProbeContract {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path folder;

  @Override
  protected DiskProbe open() {
    return FileDiskProbe.open(folder);
  }

  @Override
  protected long bytesInFolder() {
    return Stream.of(Objects.requireNonNull(folder.toFile().listFiles())).mapToLong(File::length).sum();
  }
}
