package dev.holdfast.fs.integrity;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A folder's tree with each file's bytes and time, to tell whether anything was changed. */
public final class Snapshots {
  private Snapshots() {}

  /** Reads the lock file as well, so it must not run in a process that holds the folder: that would free the lock. */
  public static Map<Path, String> of(Path root) throws IOException {
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(root)) {
      paths = tree.toList();
    }
    Map<Path, String> found = new TreeMap<>();
    for (Path path : paths) {
      String bytes = Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "";
      found.put(path, Files.getLastModifiedTime(path) + " " + bytes);
    }
    return found;
  }
}
