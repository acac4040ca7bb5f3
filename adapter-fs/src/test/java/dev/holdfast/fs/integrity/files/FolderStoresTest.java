package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreFilesContract;
import java.io.IOException;
import java.io.UncheckedIOException;

class FolderStoresTest extends StoreFilesContract {
  @Override
  protected StoreFiles open() {
    try {
      Stores stores = Stores.empty();
      return new FolderStores(stores.folder(), stores.sources().rebuilding(), Stores.DATA_DIR, stores.ids());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
