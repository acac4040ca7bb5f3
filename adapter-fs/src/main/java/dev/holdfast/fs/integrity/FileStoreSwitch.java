package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

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
    Path made = made(place);
    try {
      if (Files.exists(place)) {
        takeBack(backend, place, made);
      } else if (Files.exists(layout.copying()) && !Files.exists(made)) {
        DurableFiles.removeAll(layout.copying(), beforeChange);
      }
      beforeChange.run();
      DurableFiles.createFolders(layout.copying());
      Files.deleteIfExists(layout.whole());
      return layout.copying().toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not make " + layout.copying(), e);
    }
  }

  private Path made(Path place) {
    return layout.copying().resolve(place.getFileName());
  }

  /** One that got its place and never its name goes on from where it was made. */
  private void takeBack(String backend, Path place, Path made) throws IOException {
    if (!DurableFiles.read(layout.whole()).equals(Optional.of(backend)) || Files.exists(made)) {
      throw StoreException.unusable(Reason.INVALID_REQUEST,
          place + " is there already; when it isn't needed any more, move it out of the way");
    }
    move(place, made);
  }

  private void move(Path from, Path to) throws IOException {
    beforeChange.run();
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    beforeChange.run();
    DurableFiles.syncFolder(DurableFiles.folderOf(to));
    DurableFiles.syncFolder(DurableFiles.folderOf(from));
  }

  @Override
  public void empty(String staged) {
    try {
      // What tells whose the folder is stays.
      for (String backend : Layout.BACKENDS) {
        Path store = new Layout(Path.of(staged)).store(backend);
        if (Files.exists(store)) {
          DurableFiles.removeAll(store, beforeChange);
        }
      }
      DurableFiles.syncFolder(Path.of(staged));
    } catch (IOException e) {
      throw DurableFiles.failed("could not empty " + staged, e);
    }
  }

  @Override
  public String adopt(String backend) {
    Path place = layout.store(backend);
    Path made = made(place);
    try {
      DirectoryIdentity identity = DirectoryIdentity.read(layout).orElseThrow();
      DurableFiles.syncFolder(made);
      beforeChange.run();
      DurableFiles.replace(layout.whole(), backend);
      move(made, place);
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
  public String stageInto(String directory, String backend) {
    Path into = Path.of(directory).toAbsolutePath().normalize();
    Beside beside = beside(into);
    try {
      String mark = mark(backend);
      if (beside.wasFinished(mark)) {
        throw StoreException.unusable(Reason.INVALID_REQUEST,
            into + " is the whole copy already: the one before was stopped when it had its place");
      }
      requireFree(into);
      beside.goOn(mark);
      return beside.made().toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not make a folder beside " + into, e);
    }
  }

  private Beside beside(Path into) {
    return new Beside(into, ".copying", beforeChange);
  }

  private String mark(String backend) throws IOException {
    return Beside.mark("copy", DirectoryIdentity.read(layout).orElseThrow().id(), backend);
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
    Beside beside = beside(into);
    var copy = new Layout(beside.made());
    try {
      requireFree(into);
      DirectoryIdentity identity = DirectoryIdentity.read(layout).orElseThrow();
      CarriedFiles.carry(layout, copy, beforeChange);
      beforeChange.run();
      DurableFiles.replace(copy.fresh(), DirectoryIdentity.filled(backend));
      beforeChange.run();
      DurableFiles.replace(copy.identity(), identity.of(backend).text());
      DurableFiles.syncFolder(copy.store(backend));
      beside.finish();
      return into.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not put the copy in its place", e);
    }
  }
}
