package dev.holdfast.fs.integrity;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupRestoring;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Backups of the local file system. */
final class FileBackupRestoring implements BackupRestoring {
  /** A restore is always made from its beginning. */
  private static final String MARK = Beside.mark("restore", "", "");

  @Override
  public Backup verified(String backup) {
    var files = new BackupFiles(Path.of(backup).toAbsolutePath().normalize());
    try {
      Backup found = files.read().orElseThrow(() -> StoreException.unusable(Reason.STORE_MISSING,
          files.about() + " is not there; name the folder of a backup, backup/backup-… of a data directory"));
      requireSame(files, found);
      return found;
    } catch (IOException e) {
      throw DurableFiles.failed("could not read " + files.folder(), e);
    }
  }

  private static void requireSame(BackupFiles files, Backup backup) throws IOException {
    Path data = files.data().root();
    Set<String> wanted = backup.files().stream().map(Backup.File::path).collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>();
    try (Stream<Path> tree = Files.walk(data)) {
      tree.filter(path -> !Files.isDirectory(path)).forEach(path -> there.add(data.relativize(path).toString()));
    }
    if (!there.equals(wanted)) {
      there.removeAll(wanted);
      throw StoreException.unusable(Reason.STORE_CORRUPT, data + " holds other files than the backup tells of"
          + (there.isEmpty() ? ": some are missing" : ", such as " + there.iterator().next()));
    }
    for (Backup.File file : backup.files()) {
      Path path = data.resolve(file.path());
      if (Files.size(path) != file.size() || !BackupFiles.hash(path).equals(file.hash())) {
        throw StoreException.unusable(Reason.STORE_CORRUPT, path + " is not as it was written; use another backup");
      }
    }
  }

  @Override
  public String stage(String backup, String directory) {
    Path into = Path.of(directory).toAbsolutePath().normalize();
    Path data = new BackupFiles(Path.of(backup).toAbsolutePath().normalize()).data().root();
    Beside beside = beside(into);
    Path staged = beside.made();
    try {
      DurableFiles.requireFree(into);
      beside.begin(MARK);
      try (Stream<Path> tree = Files.walk(data)) {
        for (Path path : (Iterable<Path>) tree::iterator) {
          copy(path, staged.resolve(data.relativize(path).toString()));
        }
      }
      return staged.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not copy the backup to " + staged, e);
    }
  }

  private static Beside beside(Path into) {
    return new Beside(into, ".restoring", () -> {
    });
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      DurableFiles.createFolders(to);
      return;
    }
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out = FileChannel.open(to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            DurableFiles.OWNER_FILE)) {
      long size = in.size();
      for (long at = 0; at < size;) {
        at += in.transferTo(at, size - at, out);
      }
      out.force(true);
    }
  }

  @Override
  public String adopt(String directory) {
    Path into = Path.of(directory).toAbsolutePath().normalize();
    Beside beside = beside(into);
    try {
      DurableFiles.requireFree(into);
      try (Stream<Path> tree = Files.walk(beside.made())) {
        for (Path path : (Iterable<Path>) tree.filter(Files::isDirectory)::iterator) {
          DurableFiles.syncFolder(path);
        }
      }
      beside.finish();
      return into.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not put the data directory in its place", e);
    }
  }
}
