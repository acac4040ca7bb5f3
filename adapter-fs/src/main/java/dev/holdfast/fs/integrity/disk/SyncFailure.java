package dev.holdfast.fs.integrity.disk;

import java.io.IOException;

/** A sync failed, so nobody knows what of the file or folder is durable, nor can find it out (spec I-8). */
public final class SyncFailure extends IOException {
  private static final long serialVersionUID = 1L;

  public SyncFailure(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
