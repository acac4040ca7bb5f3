package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.DirectoryInspection;
import dev.holdfast.domain.integrity.DiskProbe;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;

/**
 * A folder of the local file system. It must not run in a process that holds the folder: reading the lock's file there would
 * give the lock away.
 */
public final class FileDirectoryInspection implements DirectoryInspection {
  private static final Object LOOK = new Object();

  private final Layout layout;

  public FileDirectoryInspection(Path folder) {
    this.layout = new Layout(folder.toAbsolutePath().normalize());
  }

  @Override
  public Standing standing() {
    if (!Files.exists(layout.root())) {
      return new Standing.Absent();
    }
    try {
      OwnerOnly.check(layout.root());
      if (Files.exists(layout.keys())) {
        OwnerOnly.check(layout.keys());
      }
      DirectoryIdentity.read(layout);
      return new Standing.Usable();
    } catch (StoreException e) {
      return new Standing.Refused(e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Standing.Refused(Reason.STORE_IO, layout.root() + " can't be read");
    }
  }

  @Override
  public String id() {
    try {
      return DirectoryIdentity.read(layout).orElseThrow(() -> StoreException.unusable(Reason.STORE_MISSING,
          layout.identity() + " is not there; restore it from a backup")).id();
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.identity(), e);
    }
  }

  @Override
  public boolean isFresh() {
    try {
      return DirectoryIdentity.read(layout).filter(identity -> FileDataDirectory.isFresh(layout, identity)).isPresent();
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.identity(), e);
    }
  }

  @Override
  public Holder holder() {
    try {
      String entry = DurableFiles.read(layout.lock()).orElse("");
      if (entry.isBlank()) {
        return new Holder.Nobody();
      }
      String description = LockHolder.describe(entry);
      // A process of another container doesn't show among ours, and its lock does.
      return LockHolder.isAlive(entry) || isLocked() ? new Holder.Running(description) : new Holder.Gone(description);
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.lock(), e);
    }
  }

  /**
   * Asked only when the holder seems to be dead, and shared, so that a node could miss its own lock for an instant at most. One
   * look after another: a process that asks for a range it has asked for already is refused by the virtual machine.
   */
  private boolean isLocked() throws IOException {
    synchronized (LOOK) {
      try (FileChannel channel = FileChannel.open(layout.lock(), StandardOpenOption.READ);
          FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
        return lock == null;
      }
    }
  }

  @Override
  public Room room() {
    Path existing = layout.root();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      FileStore disk = Files.getFileStore(existing);
      return new Room(disk.getUsableSpace(), disk.getTotalSpace());
    } catch (IOException e) {
      throw DurableFiles.failed("could not ask the file system of " + existing, e);
    }
  }

  @Override
  public Optional<Instant> lastStart() {
    try {
      return Files.exists(layout.epoch())
          ? Optional.of(Files.getLastModifiedTime(layout.epoch()).toInstant())
          : Optional.empty();
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.epoch(), e);
    }
  }

  @Override
  public DiskProbe diskProbe() {
    return FileDiskProbe.open(layout.root());
  }
}
