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
  private final Runnable beforeChange;

  /** @param root of a data directory that this process holds */
  FileStoreSwitch(Path root) {
    this(root, () -> {
    });
  }

  /** @param beforeChange is run before each change of the disk, and may end the switch there by throwing */
  FileStoreSwitch(Path root, Runnable beforeChange) {
    this.layout = new Layout(root);
    this.beforeChange = beforeChange;
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
        DurableFiles.removeAll(layout.copying(), beforeChange);
      }
      beforeChange.run();
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
      beforeChange.run();
      Files.move(made, place, StandardCopyOption.ATOMIC_MOVE);
      beforeChange.run();
      DurableFiles.syncFolder(layout.root());
      beforeChange.run();
      // What belongs to it beside its rows is written by its first launch.
      DurableFiles.replace(layout.fresh(), DirectoryIdentity.filled(backend));
      beforeChange.run();
      DurableFiles.replace(layout.identity(), identity.of(backend).text());
      DurableFiles.removeAll(layout.copying(), beforeChange);
      return place.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not put the copy in its place", e);
    }
  }

  @Override
  public String stageInto(String directory) {
    Path into = Path.of(directory).toAbsolutePath().normalize();
    try {
      requireFree(into);
      Path beside = beside(into);
      if (Files.exists(beside)) {
        DurableFiles.removeAll(beside, beforeChange);
      }
      beforeChange.run();
      DurableFiles.createFolders(beside);
      return beside.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not make a folder beside " + into, e);
    }
  }

  /** Where it can be given its place by one rename. */
  private static Path beside(Path into) {
    return into.resolveSibling(into.getFileName() + ".copying");
  }

  private void requireFree(Path into) throws IOException {
    if (into.equals(layout.root()) || into.startsWith(layout.root())) {
      throw StoreException.unusable(Reason.INVALID_REQUEST, into + " is in the data directory that is copied");
    }
    DurableFiles.requireFree(into);
  }

  @Override
  public String adoptInto(String directory, String backend) {
    Path into = Path.of(directory).toAbsolutePath().normalize();
    var copy = new Layout(beside(into));
    try {
      requireFree(into);
      DirectoryIdentity identity = DirectoryIdentity.read(layout).orElseThrow();
      beforeChange.run();
      DurableFiles.createFolders(copy.keys());
      same(layout.adminKey(), copy.adminKey());
      same(layout.auditKey(), copy.auditKey());
      same(layout.epoch(), copy.epoch());
      beforeChange.run();
      DurableFiles.replace(copy.fresh(), DirectoryIdentity.filled(backend));
      beforeChange.run();
      DurableFiles.replace(copy.identity(), identity.of(backend).text());
      DurableFiles.syncFolder(copy.store(backend));
      beforeChange.run();
      // Of an empty folder this takes the place.
      Files.move(copy.root(), into, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(DurableFiles.folderOf(into));
      return into.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not put the copy in its place", e);
    }
  }

  /** Where there is one. */
  private void same(Path file, Path copy) throws IOException {
    beforeChange.run();
    var text = DurableFiles.read(file);
    if (text.isPresent()) {
      DurableFiles.replace(copy, text.get());
    }
  }
}
