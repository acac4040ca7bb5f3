package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.access.AuditKey;
import dev.holdfast.domain.access.PresentedKey;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A data directory in the local file system: spec integrity §2, I-3, I-4. */
public final class FileDataDirectory implements DataDirectory {
  private final Layout layout;
  private final DirectoryLock lock;
  private final DirectoryIdentity identity;
  private final long epoch;
  private final Ids ids;
  private final boolean temporary;

  private FileDataDirectory(
      Layout layout, DirectoryLock lock, DirectoryIdentity identity, long epoch, Ids ids, boolean temporary) {
    this.layout = layout;
    this.lock = lock;
    this.identity = identity;
    this.epoch = epoch;
    this.ids = ids;
    this.temporary = temporary;
  }

  /**
   * Opens the folder, making it when it is missing or empty.
   *
   * @param backend memory, filesystem or sqlite: whose data the folder holds
   * @throws StoreException data_dir_locked, data_dir_permissions, future_schema, schema_mismatch for another backend's
   *     folder, store_missing or store_corrupt for a lost or damaged file of its own; nothing was changed then
   */
  public static FileDataDirectory open(Path folder, String backend, Instant now, Ids ids) {
    Path wanted = folder.toAbsolutePath().normalize();
    try {
      DurableFiles.createFolders(wanted);
      return open(new Layout(wanted.toRealPath()), backend, now, ids, false);
    } catch (IOException e) {
      throw DurableFiles.failed("could not open the data directory " + wanted, e);
    }
  }

  /** A fresh folder under the system's folder for temporary files; closing removes it and what is in it. */
  public static FileDataDirectory temporary(String backend, Instant now, Ids ids) {
    try {
      Path folder = Files.createTempDirectory("holdfast-", DurableFiles.OWNER_FOLDER);
      return open(new Layout(folder.toRealPath()), backend, now, ids, true);
    } catch (IOException e) {
      throw DurableFiles.failed("could not make a temporary data directory", e);
    }
  }

  private static FileDataDirectory open(Layout layout, String backend, Instant now, Ids ids, boolean temporary)
      throws IOException {
    OwnerOnly.check(layout.root());
    // Once without the lock, so that a folder that is not ours stays as it is; what counts is read again under it.
    existing(layout, backend);
    DirectoryLock lock = DirectoryLock.take(layout, now);
    boolean opened = false;
    try {
      Optional<DirectoryIdentity> existing = existing(layout, backend);
      long epoch = advanceEpoch(layout);
      DirectoryIdentity identity =
          existing.isPresent() ? existing.get() : initialise(layout, DirectoryIdentity.fresh(backend, now, ids));
      DurableFiles.createFolders(layout.keys());
      OwnerOnly.check(layout.keys());
      opened = true;
      return new FileDataDirectory(layout, lock, identity, epoch, ids, temporary);
    } finally {
      if (!opened) {
        lock.close();
      }
    }
  }

  private static Optional<DirectoryIdentity> existing(Layout layout, String backend) throws IOException {
    Optional<DirectoryIdentity> identity = DirectoryIdentity.read(layout);
    if (identity.isPresent()) {
      identity.get().requireBackend(layout, backend);
      requireEpoch(layout);
    } else {
      for (Path part : layout.contents()) {
        if (Files.exists(part)) {
          throw StoreException.unusable(Reason.STORE_MISSING,
              part + " is there and " + layout.identity()
                  + " is not; restore it from a backup, or name an empty folder "
                  + "with --data");
        }
      }
    }
    return identity;
  }

  /** A lost epoch doesn't begin again: leases of this node's earlier starts would pass for those of the new one. */
  private static void requireEpoch(Layout layout) {
    // The first start writes it before store.json.
    if (!Files.exists(layout.epoch())) {
      throw StoreException.unusable(Reason.STORE_MISSING,
          layout.identity() + " is there and " + layout.epoch()
              + " is not; restore it from a backup, or write a number "
              + "into it that is higher than any it ever held: it grows by one with each start");
    }
  }

  private static long advanceEpoch(Layout layout) throws IOException {
    Optional<String> text = DurableFiles.read(layout.epoch());
    long next = 1 + (text.isEmpty() ? 0 : number(layout, text.get()));
    DurableFiles.replace(layout.epoch(), next + "\n");
    return next;
  }

  private static long number(Layout layout, String text) {
    try {
      long number = Long.parseLong(text.strip());
      if (number > 0 && number < Long.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, layout.epoch() + " does not hold a number", e);
    }
    throw StoreException.unusable(Reason.STORE_CORRUPT, layout.epoch() + " does not hold a number from 1 on");
  }

  private static DirectoryIdentity initialise(Layout layout, DirectoryIdentity fresh) throws IOException {
    DurableFiles.replace(layout.fresh(), fresh.backend());
    DurableFiles.replace(layout.identity(), fresh.text());
    return fresh;
  }

  @Override
  public String location() {
    return layout.root().toString();
  }

  @Override
  public String id() {
    return identity.id();
  }

  @Override
  public long epoch() {
    return epoch;
  }

  /** A switch to another backend that was cut off leaves the word of that one, which counts for nothing here. */
  static boolean isFresh(Layout layout, DirectoryIdentity identity) {
    try {
      return DurableFiles.read(layout.fresh())
          .filter(word -> word.equals(identity.backend()) || word.equals(DirectoryIdentity.filled(identity.backend())))
          .isPresent();
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.fresh(), e);
    }
  }

  @Override
  public boolean fresh() {
    return isFresh(layout, identity);
  }

  @Override
  public boolean hasStore() {
    try {
      return DurableFiles.read(layout.fresh()).filter(identity.backend()::equals).isEmpty();
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + layout.fresh(), e);
    }
  }

  @Override
  public void settled() {
    try {
      if (Files.deleteIfExists(layout.fresh())) {
        DurableFiles.syncFolder(layout.root());
      }
    } catch (IOException e) {
      throw DurableFiles.failed("could not remove " + layout.fresh(), e);
    }
  }

  @Override
  public String writeAdminKey(PresentedKey key) {
    try {
      DurableFiles.replace(layout.adminKey(), key.text() + "\n");
      return adminKeyFile();
    } catch (IOException e) {
      throw DurableFiles.failed("could not write " + layout.adminKey(), e);
    }
  }

  @Override
  public AuditKey auditKey() {
    try {
      return auditKey(layout, ids);
    } catch (IOException e) {
      throw DurableFiles.failed("could not read or write " + layout.auditKey(), e);
    }
  }

  private static AuditKey auditKey(Layout layout, Ids ids) throws IOException {
    Optional<String> text = DurableFiles.read(layout.auditKey());
    if (text.isEmpty()) {
      String fresh = ids.hex(64);
      DurableFiles.replace(layout.auditKey(), fresh + "\n");
      return new AuditKey(fresh);
    }
    try {
      return new AuditKey(text.get().strip());
    } catch (IllegalArgumentException e) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, layout.auditKey() + " does not hold an audit key; restore it "
          + "from a backup, or move it away: what it sealed can't be checked then", e);
    }
  }

  @Override
  public String adminKeyFile() {
    return layout.adminKey().toString();
  }

  @Override
  public SortedMap<String, Long> sizes() {
    SortedMap<String, Long> sizes = new TreeMap<>();
    try (Stream<Path> parts = Files.list(layout.root())) {
      for (Path part : parts.filter(Files::isDirectory).toList()) {
        sizes.put(part.getFileName().toString(), DurableFiles.sizeOf(part));
      }
      return sizes;
    } catch (IOException e) {
      throw DurableFiles.failed("could not look through " + layout.root(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (temporary && Files.exists(layout.root())) {
        DurableFiles.removeAll(layout.root());
      }
      lock.close();
    } catch (IOException e) {
      throw DurableFiles.failed("could not close the data directory " + layout.root(), e);
    }
  }
}
