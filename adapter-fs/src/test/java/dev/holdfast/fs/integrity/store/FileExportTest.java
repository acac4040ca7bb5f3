package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.exports.ExportSuite;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileExportTest extends ExportSuite {
  @TempDir
  private Path folder;

  @Override
  protected Store open() {
    return FileStores.open(folder);
  }

  @Override
  protected Store reopen(Store closing) {
    closing.close();
    return open();
  }

  @Override
  protected Store another() {
    return FileStores.open(FileStores.fresh(folder, "another"));
  }
}
