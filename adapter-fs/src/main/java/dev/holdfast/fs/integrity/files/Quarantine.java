package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The folder of what was found damaged (spec I-7). Nothing in it is ever changed or removed; equal evidence is kept once.
 *
 * @param folder is shared by all that keep something there
 */
public record Quarantine(Disk folder) {

  /**
   * Keeps a durable copy.
   *
   * @param file the name of the file that the bytes are of, never one that a record tells
   * @return the name of the copy
   */
  public String keep(String file, Reason state, byte[] bytes) throws IOException {
    String wanted = ContentHash.of(bytes).evidenceName(file, state);
    String name = wanted;
    for (int more = 2; true; more++) {
      byte[] kept = WholeFiles.read(folder, name);
      if (kept == null) {
        WholeFiles.replace(folder, name, bytes);
        return name;
      }
      if (Arrays.equals(kept, bytes)) {
        // Whoever made it may have died before its name was durable.
        WholeFiles.sync(folder);
        return name;
      }
      // The copy was damaged itself; it is evidence all the same.
      name = wanted + "." + more;
    }
  }

  /**
   * Keeps a copy and takes the file away; its folder is left to be synced.
   *
   * @return the name of the copy; null when there is no such file
   */
  @Nullable
  String move(Disk from, String file, Reason state) throws IOException {
    byte[] bytes = WholeFiles.read(from, file);
    if (bytes == null) {
      return null;
    }
    String name = keep(file, state, bytes);
    from.delete(file);
    return name;
  }
}
