package dev.holdfast.fs.integrity;

import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupShelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code backup/} of a data directory: one folder for each backup, made under another name until it is whole. */
final class FileBackupShelf implements BackupShelf {
  private static final String UNFINISHED = ".part";

  private final Layout layout;

  /** @param root of a data directory that this process holds */
  FileBackupShelf(Path root) {
    this.layout = new Layout(root);
  }

  private Path unfinished(String id) {
    return layout.backups().resolve(id + UNFINISHED);
  }

  private Path finished(String id) {
    return layout.backups().resolve(id);
  }

  @Override
  public String begin(String id) {
    try {
      DurableFiles.createFolders(layout.backups());
      for (Path left : named(UNFINISHED)) {
        DurableFiles.removeAll(left);
      }
      Path data = new BackupFiles(unfinished(id)).data().root();
      DurableFiles.createFolders(data);
      return data.toString();
    } catch (IOException e) {
      throw DurableFiles.failed("could not make a folder in " + layout.backups(), e);
    }
  }

  private List<Path> named(String suffix) throws IOException {
    if (!Files.isDirectory(layout.backups())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(layout.backups())) {
      return all.filter(path -> {
        String name = path.getFileName().toString();
        return name.endsWith(suffix) && Backup.isId(name.substring(0, name.length() - suffix.length()));
      }).sorted().toList();
    }
  }

  @Override
  public List<Backup.File> collect(String id) {
    var files = new BackupFiles(unfinished(id));
    Layout copy = files.data();
    try {
      CarriedFiles.carry(layout, copy, () -> {
      });
      // What belongs to it beside its rows is written by its first launch.
      DirectoryIdentity identity = DirectoryIdentity.read(layout).orElseThrow();
      DurableFiles.replace(copy.fresh(), DirectoryIdentity.filled(identity.backend()));
      DurableFiles.replace(copy.identity(), identity.text());
      return files.collect();
    } catch (IOException e) {
      throw DurableFiles.failed("could not write the backup " + id, e);
    }
  }

  @Override
  public void finish(Backup backup) {
    try {
      new BackupFiles(unfinished(backup.id())).write(backup);
      Files.move(unfinished(backup.id()), finished(backup.id()), StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(layout.backups());
    } catch (IOException e) {
      throw DurableFiles.failed("could not finish the backup " + backup.id(), e);
    }
  }

  @Override
  public void abandon(String id) {
    try {
      if (Files.exists(unfinished(id))) {
        DurableFiles.removeAll(unfinished(id));
      }
    } catch (IOException e) {
      throw DurableFiles.failed("could not remove " + unfinished(id), e);
    }
  }

  @Override
  public List<Backup> list() {
    try {
      List<Backup> backups = new ArrayList<>();
      for (Path folder : named("")) {
        read(folder).ifPresent(backups::add);
      }
      return backups;
    } catch (IOException e) {
      throw DurableFiles.failed("could not look through " + layout.backups(), e);
    }
  }

  private static Optional<Backup> read(Path folder) throws IOException {
    try {
      return new BackupFiles(folder).read();
    } catch (StoreException _) {
      return Optional.empty();
    }
  }

  @Override
  public String location(String id) {
    return finished(id).toString();
  }
}
