package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.domain.integrity.stores.EvidenceContract;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.SimulatedDisk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

class FolderEvidenceTest extends EvidenceContract {
  private final Disk disk = SimulatedDisk.empty();

  @Override
  protected Evidence open() {
    return new FolderEvidence(new Quarantine(disk));
  }

  @Override
  protected Map<String, String> kept() {
    try {
      Map<String, String> kept = new TreeMap<>();
      for (String name : disk.list()) {
        kept.put(name, new String(Objects.requireNonNull(WholeFiles.read(disk, name)), StandardCharsets.UTF_8));
      }
      return kept;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
