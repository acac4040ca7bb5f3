package dev.holdfast.application.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.events.NewEvents;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StoreOpening;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.backups.BackupShelf;
import dev.holdfast.domain.integrity.backups.StoreSnapshot;
import dev.holdfast.domain.integrity.exports.ExportSum;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Backups of a store that works (spec I-84): copied at one point, opened again, and summed up before it counts as one. */
public final class Backups {
  private static final int NAME_DIGITS = 32;

  private final Kept kept;
  private final Supplier<UnitsOfWork> units;
  private final Of of;
  private final Ids ids;
  private final InstantSource clock;

  /** Whose backups they are. */
  public record Of(DataDirectory directory, String backend) {}

  /** How the backend copies its store, how a copy is opened, and where it is kept. */
  public record Kept(StoreSnapshot store, StoreOpening opening, BackupShelf shelf) {}

  public Backups(Kept kept, Supplier<UnitsOfWork> units, Of of, Ids ids, InstantSource clock) {
    this.kept = kept;
    this.units = units;
    this.of = of;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Makes one, which takes as long as reading the store twice. One at a time.
   *
   * @param counted now and then, how many of its rows were summed up
   * @return the backup, durable and proven
   * @throws StoreException storage_full, store_io; store_corrupt when the copy can't be read: there is no backup then
   */
  public synchronized Backup make(Audited call, @Nullable String label, LongConsumer counted) {
    Instant now = clock.instant();
    String id = Backup.freshId(now, ids);
    boolean made = false;
    try {
      String folder = kept.shelf().begin(id);
      kept.store().copyTo(folder);
      ExportSum sum = sum(folder, counted);
      var backup = new Backup(id, of.directory().id(), of.backend(), of.directory().epoch(), now, label, sum,
          kept.shelf().collect(id));
      kept.shelf().finish(backup);
      made = true;
      units.get().write(call, id, state -> {
        var events = new NewEvents(state, clock.instant(), null);
        events.add(null, EventName.STORE_BACKUP_DONE, Json.object("backup_id", id, "digest", sum.digest().text(),
            "records", sum.records()), null);
        return Decision.done(true, events.changes());
      }).orThrow();
      return backup;
    } finally {
      if (!made) {
        kept.shelf().abandon(id);
      }
    }
  }

  /** What a copy holds: it is opened as a start would open it. */
  private ExportSum sum(String folder, LongConsumer counted) {
    try (Store copy = kept.opening().open(folder)) {
      return StoreCopy.sum(copy, (_, _) -> {
      }, counted);
    }
  }

  /** Whether one could be made, for a recovery that can't be undone. */
  public boolean isMade(String label) {
    try {
      make(Audited.local(ids.hex(NAME_DIGITS), "store.backup"), label, _ -> {
      });
      return true;
    } catch (StoreException _) {
      return false;
    }
  }

  public String location(Backup backup) {
    return kept.shelf().location(backup.id());
  }

  /** The newest; null where there is none. */
  public @Nullable Backup last() {
    var all = kept.shelf().list();
    return all.isEmpty() ? null : all.getLast();
  }
}
