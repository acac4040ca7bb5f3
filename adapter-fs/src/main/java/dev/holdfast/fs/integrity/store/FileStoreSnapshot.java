package dev.holdfast.fs.integrity.store;

import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.fs.integrity.disk.Disk;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.LocalDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The journal up to one of its groups: what is behind it then is written behind the files that are copied. */
final class FileStoreSnapshot implements StoreSnapshot {
  private static final int CHUNK = 1 << 20;

  private final FileStore store;
  private final Disk journal;

  /** @param journal the store's own folder */
  FileStoreSnapshot(FileStore store, Disk journal) {
    this.store = store;
    this.journal = journal;
  }

  @Override
  public void copyTo(String folder) {
    try {
      Disk to = new LocalDisk(Path.of(folder)).folder(FileStoreOpening.FOLDER).folder(FileStoreOpening.JOURNAL);
      for (Map.Entry<String, Long> file : store.journalFiles().entrySet()) {
        copy(file.getKey(), file.getValue(), to);
      }
      to.sync();
    } catch (IOException e) {
      throw DiskFailure.of("the journal could not be copied", e);
    }
  }

  private void copy(String name, long length, Disk to) throws IOException {
    byte[] chunk = new byte[CHUNK];
    try (Disk.File from = journal.open(name); Disk.File copy = to.create(name)) {
      for (long at = 0; at < length;) {
        int read = from.read(at, chunk, 0, (int) Math.min(CHUNK, length - at));
        if (read <= 0) {
          throw new IOException(name + " is shorter than it was");
        }
        copy.write(at, chunk, 0, read);
        at += read;
      }
      copy.sync();
    }
  }
}
