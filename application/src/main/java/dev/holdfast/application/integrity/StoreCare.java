package dev.holdfast.application.integrity;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.DataDirectory;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.StrayFiles;
import dev.holdfast.domain.integrity.backups.Backup;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looking at the store of a data directory that this process holds, and mending it (spec integrity §9, §14). */
public final class StoreCare {
  /** A batch under way, or a group that is just being written, is no damage a moment later. */
  private static final int LOOKS = 3;

  private final StoreFiles files;
  private final Looks looks;
  private final Supplier<UnitsOfWork> units;
  private final Of of;
  private final Ids ids;
  private final InstantSource clock;
  private final RecoveryRecords records;

  /** Whose store it is. */
  public record Of(DataDirectory directory, String backend, Identities run) {}

  /** What only looks: at the store, and at what else is in its directory. */
  public record Looks(StoreInspection store, StrayFiles strays) {}

  /** @param units opens the store when first asked; it may not open at all */
  public StoreCare(StoreFiles files, Looks looks, Supplier<UnitsOfWork> units, Of of, Ids ids,
      InstantSource clock) {
    this.files = files;
    this.looks = looks;
    this.units = units;
    this.of = of;
    this.ids = ids;
    this.clock = clock;
    this.records = new RecoveryRecords(ids, clock);
  }

  public String backend() {
    return of.backend();
  }

  /**
   * What is kept, by whom, and how much of it.
   *
   * @param last backup, or null
   * @throws StoreException store_io
   */
  public Json show(NodeState node, @Nullable Backup last) {
    Identities run = of.run();
    return Json.object("data_dir_id", of.directory().id(), "backend", of.backend(), "epoch", of.directory().epoch(),
        "run_id", run.runId(), "capability_snapshot_id", run.capabilitySnapshotId(), "behavior_fingerprint",
        run.behaviorFingerprint(), "high_watermark", highWatermark(), "readiness", node.readiness().code(),
        "sizes",
        Json.of(of.directory().sizes()), "last_backup", last == null
            ? null
            : Json.object("backup_id", last.id(), "created_at", Texts.instant(last.createdAt()), "label", last.label(),
                "digest", last.sum().digest().text(), "records", last.sum().records()));
  }

  /** Null where damage hides it. */
  private @Nullable Long highWatermark() {
    try {
      return files.highWatermark();
    } catch (StoreException e) {
      if (e.reason() == Reason.STORE_IO) {
        throw e;
      }
      return null;
    }
  }

  /** Reads everything and changes nothing. */
  public Diagnosis examine(boolean deep, Duration atMost) {
    Diagnosis found = look(deep, atMost);
    for (int more = 1; more < LOOKS && found.impact() != Impact.NONE && !deep; more++) {
      found = look(deep, atMost);
    }
    return found;
  }

  private Diagnosis look(boolean deep, Duration atMost) {
    return Diagnosis.of(looks.store().survey(), looks.store().look(deep, atMost),
        new Planner.Asked(PlanId.random(ids), of.directory().id(), null, clock.instant()))
        .beside(looks.strays().names());
  }

  /** Leaves a record of a call that came to look, and could have mended. */
  public void record(Audited call) {
    units.get().write(call, "store", _ -> Decision.unchanged(true)).orThrow();
  }

  /**
   * Does what the consents allow; whatever was done is told as events and in the audit (spec I-58).
   *
   * @throws StoreException when the disk fails
   */
  public Recovered mend(Consents consents) {
    Recovered recovered = files.recover(consents, of.run(), clock.instant());
    if (!recovered.steps().isEmpty()) {
      try {
        records.write(units.get(), recovered.steps());
      } catch (StoreException e) {
        // What can't be told in a store that doesn't open is told by the quarantine, and by the caller.
        if (e.reason().kind() != Reason.Kind.STORE_DAMAGED && e.reason() != Reason.STORE_MISSING
            && e.reason() != Reason.STORE_CORRUPT) {
          throw e;
        }
      }
    }
    return recovered;
  }
}
