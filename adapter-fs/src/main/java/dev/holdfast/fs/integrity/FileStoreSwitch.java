package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A store is made in {@code copying/}, moved to its place and then named in store.json: each step synced before the next. */
final class FileStoreSwitch implements StoreSwitch {
  private final Layout layout;

  /** @param root of a data directory that this process holds */
  FileStoreSwitch(Path root) {
    this.layout = new Layout(root);
  }

  @Override
  public String stage(String backend) {
    Path place = layout.store(backend);
    if (Files.exists(place)) {
      throw StoreException.unusable(Reason.INVALID_REQUEST,
          place + " is there already; when it isn't needed any more, move it out of the way");
    }
    try {
      if (Files.exists(layout.copying())) {
        DurableFiles.removeAll(layout.copying());
      }
      DurableFiles.createFolders(layout.copying());
      return layout.copying().toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not make " + layout.copying(), e);
    }
  }

  @Override
  public String adopt(String backend) {
    Path place = layout.store(backend);
    Path made = layout.copying().resolve(place.getFileName());
    try {
      DirectoryIdentity identity = DirectoryIdentity.read(layout).orElseThrow();
      DurableFiles.syncFolder(made);
      Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(layout.root());
      // What belongs to it beside its rows is written by its first launch.
      DurableFiles.replace(layout.fresh(), "");
      DurableFiles.replace(layout.identity(), identity.of(backend).text());
      DurableFiles.removeAll(layout.copying());
      return place.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not put the copy in its place", e);
    }
  }
}
