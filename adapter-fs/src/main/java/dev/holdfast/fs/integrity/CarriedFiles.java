package dev.holdfast.fs.integrity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What a backup, and a copy into another folder, have beside the store: keys and epoch of the directory, so that they go on. */
final class CarriedFiles {
  private CarriedFiles() {}

  /** @param beforeEach is run before each change of the disk */
  static void carry(Layout from, Layout to, Runnable beforeEach) throws IOException {
    beforeEach.run();
    DurableFiles.createFolders(to.keys());
    same(from.adminKey(), to.adminKey(), beforeEach);
    same(from.auditKey(), to.auditKey(), beforeEach);
    same(from.epoch(), to.epoch(), beforeEach);
  }

  /** Where there is one. */
  private static void same(Path file, Path copy, Runnable beforeEach) throws IOException {
    beforeEach.run();
    Optional<String> text = DurableFiles.read(file);
    if (text.isPresent()) {
      DurableFiles.replace(copy, text.get());
    }
  }
}
