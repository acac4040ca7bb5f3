package dev.holdfast.domain.integrity.backups;

import dev.holdfast.domain.integrity.StoreException;
import java.util.List;

/**
 * The backups beside a data directory that this process holds. What a crash leaves of one that was never finished is removed by
 * the next that is begun.
 */
public interface BackupShelf {

  /**
   * Prepares a place for a backup.
   *
   * @return the path of its data, into which a store is copied, as {@link StoreSnapshot} and StoreOpening take it
   * @throws StoreException storage_full, store_io
   */
  String begin(String id);

  /** What is in that place, and what else of the directory belongs to it; durable, but no backup yet. */
  List<Backup.File> collect(String id);

  /** Makes it a backup: what it says of itself is written, and it gets its name in one step. */
  void finish(Backup backup);

  /** It isn't wanted any more; idempotent. */
  void abandon(String id);

  /** All that were finished, oldest first; one that can't be read is left out. */
  List<Backup> list();

  /** Where a finished one is, for people. */
  String location(String id);
}
