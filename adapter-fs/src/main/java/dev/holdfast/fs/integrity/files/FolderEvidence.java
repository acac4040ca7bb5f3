package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.stores.Evidence;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import java.io.IOException;

/** The quarantine of a data directory, for those who keep nothing else in files. */
public final class FolderEvidence implements Evidence {
  private final Quarantine quarantine;

  public FolderEvidence(Quarantine quarantine) {
    this.quarantine = quarantine;
  }

  @Override
  public String keep(String file, Reason state, byte[] bytes) {
    try {
      return quarantine.keep(file, state, bytes);
    } catch (IOException e) {
      throw DiskFailure.of("evidence could not be kept", e);
    }
  }
}
