package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.KillsAtWrites;
import dev.holdfast.domain.integrity.Store;
import java.nio.file.Path;

class FileKillsTest extends KillsAtWrites {
  @Override
  protected Store open(Path folder) {
    return FileStores.open(folder);
  }

  @Override
  protected Class<?> process() {
    return FileKillsTest.class;
  }

  /** @param args the folder */
  public static void main(String[] args) {
    work(FileStores.open(Path.of(args[0])), System.out);
  }
}
