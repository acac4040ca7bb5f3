package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonException;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder beside a directory that is to be, in which it is made until one rename gives it its place. A mark in it tells that it is ours
 * and what is made: nothing without one is ever removed.
 */
final class Beside {
  private static final String MARK = "unfinished.json";
  private static final String MARKED = "holdfast";

  private final Path place;
  private final Path folder;
  private final Runnable beforeChange;

  /**
   * @param place absolute
   * @param suffix of the folder's name
   * @param beforeChange is run before each change of the disk
   */
  Beside(Path place, String suffix, Runnable beforeChange) {
    this.place = place;
    this.folder = place.resolveSibling(place.getFileName() + suffix);
    this.beforeChange = beforeChange;
  }

  /** Tells what is made: equal ones are gone on with. */
  static String mark(String what, String directory, String backend) {
    return Json.object(MARKED, what, "data_dir_id", directory, "backend", backend).text() + "\n";
  }

  /** The directory that is made. */
  Path made() {
    return folder.resolve("data");
  }

  private Path mark() {
    return folder.resolve(MARK);
  }

  /**
   * Makes the directory; what was begun under an equal mark stays in it.
   *
   * @throws StoreException as {@link #begin}
   */
  void goOn(String mark) throws IOException {
    requireOurs();
    if (!DurableFiles.read(mark()).equals(Optional.of(mark))) {
      begin(mark);
    } else {
      make();
    }
  }

  /**
   * Makes the empty directory; what is there of one that was never finished is removed.
   *
   * @throws StoreException invalid_request when a folder without our mark is in the way
   */
  void begin(String mark) throws IOException {
    requireOurs();
    clear();
    beforeChange.run();
    DurableFiles.createFolders(folder);
    beforeChange.run();
    DurableFiles.replace(mark(), mark);
    make();
  }

  private void make() throws IOException {
    beforeChange.run();
    DurableFiles.createFolders(made());
  }

  private void requireOurs() throws IOException {
    if (!Files.exists(folder) || isOurs()) {
      return;
    }
    throw StoreException.unusable(Reason.INVALID_REQUEST, folder
        + " is in the way, and nothing in it tells that an unfinished copy or restore left it; move it elsewhere");
  }

  private boolean isOurs() throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.list(folder)) {
      all = files.toList();
    }
    // One that ended before it had its mark.
    if (all.isEmpty() || all.equals(List.of(folder.resolve(MARK + ".tmp")))) {
      return true;
    }
    try {
      Optional<String> text = DurableFiles.read(mark());
      return text.isPresent() && Json.parse(text.get()).members().get(MARKED) instanceof String;
    } catch (JsonException e) {
      return false;
    }
  }

  /** The mark goes last: what is left by a stop is still known to be ours. */
  private void clear() throws IOException {
    if (Files.exists(made())) {
      DurableFiles.removeAll(made(), beforeChange);
    }
    if (Files.exists(folder)) {
      DurableFiles.removeAll(folder, beforeChange);
    }
  }

  /**
   * Whether the directory got its place, and all that was left to do was to remove this folder. It is removed then.
   */
  boolean wasFinished(String mark) throws IOException {
    boolean left = Files.exists(place.resolve("store.json")) && Files.exists(folder) && !Files.exists(made());
    if (!left || !isOurs()) {
      return false;
    }
    boolean same = DurableFiles.read(mark()).equals(Optional.of(mark));
    clear();
    return same;
  }

  /** Gives the directory its place in one step; of an empty folder it takes the place. */
  void finish() throws IOException {
    beforeChange.run();
    Files.move(made(), place, StandardCopyOption.ATOMIC_MOVE);
    beforeChange.run();
    DurableFiles.syncFolder(DurableFiles.folderOf(place));
    DurableFiles.syncFolder(folder);
    clear();
  }
}
