package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Texts;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The row that tells which run is active, as a manifest does for files.
 *
 * @param dataDirId null before the first batch
 * @param epoch of the start that wrote last, 0 before the first
 * @param highWatermark batches that were written, 0 before the first
 * @param active identities of the last batch; null before the first
 * @param lastBatch likewise
 */
record StoreMeta(
    @Nullable String dataDirId, long epoch, long highWatermark, @Nullable Identities active, @Nullable String lastBatch,
    @Nullable String lastPlan, @Nullable Instant updatedAt) {
  /** Of a database that lost the row: nobody knows what its stores belong to. */
  static final StoreMeta NONE = new StoreMeta(null, 0, 0, null, null, null, null);

  StoreMeta {
    Texts.requireAtLeast(epoch, 0, "an epoch");
    Texts.requireAtLeast(highWatermark, 0, "a high watermark");
    if (highWatermark > 0 == (active == null) || active == null != (dataDirId == null)) {
      throw new IllegalArgumentException("a watermark without a run, or a run without one");
    }
  }

  StoreMeta applied(Batch batch, long writtenIn) {
    return new StoreMeta(batch.dataDirId(), writtenIn, batch.sequence(), batch.identities(), batch.id().value(),
        lastPlan,
        batch.startedAt());
  }

  StoreMeta recovered(PlanId plan, Instant now) {
    return new StoreMeta(dataDirId, epoch, highWatermark, active, lastBatch, plan.value(), now);
  }

  static StoreMeta read(ResultSet row) throws SQLException {
    String run = row.getString("run_id");
    return new StoreMeta(row.getString("data_dir_id"), row.getLong("epoch"), row.getLong("high_watermark"),
        run == null ? null : StoreRow.identities(row), row.getString("last_batch_id"),
        row.getString("last_recovery_plan_id"), Sql.optionalInstant(row, "updated_at"));
  }

  void put(Sql sql) {
    StoreTables.makeMeta(sql);
    sql.run("INSERT OR REPLACE INTO store_meta (one, data_dir_id, epoch, high_watermark, run_id, "
        + "capability_snapshot_id, behavior_fingerprint, last_batch_id, last_recovery_plan_id, updated_at) "
        + "VALUES (1,?,?,?,?,?,?,?,?,?)", dataDirId, epoch, highWatermark, active == null ? null : active.runId(),
        active == null ? null : active.capabilitySnapshotId(), active == null ? null : active.behaviorFingerprint(),
        lastBatch, lastPlan, updatedAt);
  }
}
