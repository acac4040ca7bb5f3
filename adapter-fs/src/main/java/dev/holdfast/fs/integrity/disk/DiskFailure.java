package dev.holdfast.fs.integrity.disk;

import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** What a failure of the file system is to the store. */
public final class DiskFailure {
  private DiskFailure() {}

  public static StoreException of(String what, IOException cause) {
    if (cause instanceof SyncFailure) {
      return StoreException.poisoned(cause);
    }
    return isFull(cause) ? StoreException.full(cause) : StoreException.io(what + advice(cause), cause);
  }

  private static String advice(IOException cause) {
    if (String.valueOf(cause.getMessage()).contains("Read-only file system")) {
      return "; its file system is read-only: mount it for writing, or use a folder of another one";
    }
    return cause instanceof AccessDeniedException ? "; this user may not do that there: ls -ld tells who may" : "";
  }

  static boolean isFull(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    return message.contains("No space left on device") || message.contains("quota exceeded");
  }
}
