package dev.holdfast.fs.integrity.disk;

import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;

/** What a failure of the file system is to the store. */
public final class DiskFailure {
  private DiskFailure() {}

  public static StoreException of(String what, IOException cause) {
    if (cause instanceof SyncFailure) {
      return StoreException.poisoned(cause);
    }
    return isFull(cause) ? StoreException.full(cause) : StoreException.io(what, cause);
  }

  static boolean isFull(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("No space left on device") || message.contains("quota exceeded");
  }
}
