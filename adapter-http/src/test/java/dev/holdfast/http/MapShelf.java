package dev.holdfast.http;

import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupShelf;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Backups without files. */
final class MapShelf implements BackupShelf {
  private final List<Backup> finished = new CopyOnWriteArrayList<>();

  @Override
  public String begin(String id) {
    return id;
  }

  @Override
  public List<Backup.File> collect(String id) {
    return List.of();
  }

  @Override
  public void finish(Backup backup) {
    finished.add(backup);
  }

  @Override
  public void abandon(String id) {
    // Nothing was begun.
  }

  @Override
  public List<Backup> list() {
    return List.copyOf(finished);
  }

  @Override
  public String location(String id) {
    return "backup/" + id;
  }
}
