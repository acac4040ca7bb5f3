package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What is found where a store's row should be. */
sealed interface StoreRow {
  /** Neither a row nor, perhaps, its table. */
  record Absent() implements StoreRow {}

  /** @param envelope its bytes as far as they can be read, for evidence */
  record Undecodable(@Nullable ByteBuffer envelope) implements StoreRow {}

  /**
   * @param sequence of the batch that wrote it
   * @param stamped identities that the batch gave it
   * @param hash of the bytes that the batch wrote
   */
  record Kept(long sequence, String batch, Identities stamped, ContentHash hash, ByteBuffer envelope)
      implements StoreRow {}

  static StoreRow read(ResultSet row) throws SQLException {
    byte[] bytes = row.getBytes("envelope");
    ByteBuffer envelope = bytes == null ? null : ByteBuffer.wrap(bytes);
    if (envelope == null) {
      return new Undecodable(null);
    }
    try {
      return new Kept(row.getLong("sequence"), row.getString("batch_id"), identities(row),
          new ContentHash(row.getString("content_hash")), envelope);
    } catch (RuntimeException _) {
      return new Undecodable(envelope);
    }
  }

  static Identities identities(ResultSet row) throws SQLException {
    return new Identities(row.getString("run_id"), row.getString("capability_snapshot_id"),
        row.getString("behavior_fingerprint"));
  }

  /** @param isListed whether there is a {@link StoreMeta} that the row belongs to */
  default Inspected inspected(Descriptor store, boolean isListed) {
    return switch (this) {
      case Absent() -> new Inspected.Missing();
      case Undecodable _ -> new Inspected.Quarantined(Reason.INVALID_ENVELOPE, "its row can't be decoded");
      case Kept kept -> Inspected.of(Schemas.of(store), isListed ? kept.hash() : null, copy(kept.envelope()));
    };
  }

  default byte @Nullable [] bytes() {
    return switch (this) {
      case Absent() -> null;
      case Undecodable(ByteBuffer envelope) -> envelope == null ? null : copy(envelope);
      case Kept kept -> copy(kept.envelope());
    };
  }

  private static byte[] copy(ByteBuffer envelope) {
    byte[] bytes = new byte[envelope.remaining()];
    envelope.get(envelope.position(), bytes);
    return bytes;
  }

  /** The only row of the store's table, which is made where it was lost. */
  static void put(Sql sql, Descriptor store, Batch batch, byte[] envelope) {
    Identities identities = batch.identities();
    StoreTables.make(sql, store);
    sql.run("INSERT OR REPLACE INTO " + StoreTables.name(store) + " (one, sequence, batch_id, run_id, "
        + "capability_snapshot_id, behavior_fingerprint, content_hash, envelope) VALUES (1,?,?,?,?,?,?,?)",
        batch.sequence(), batch.id().value(), identities.runId(), identities.capabilitySnapshotId(),
        identities.behaviorFingerprint(), ContentHash.of(envelope).text(),
        new String(envelope, StandardCharsets.UTF_8));
  }

  static void delete(Sql sql, Descriptor store) {
    StoreTables.make(sql, store);
    sql.run("DELETE FROM " + StoreTables.name(store));
  }

  /** An operator's word that a row of an earlier run belongs to this one. */
  static void restamp(Sql sql, Descriptor store, Identities identities) {
    sql.run("UPDATE " + StoreTables.name(store) + " SET run_id = ?, capability_snapshot_id = ?, "
        + "behavior_fingerprint = ?", identities.runId(), identities.capabilitySnapshotId(),
        identities.behaviorFingerprint());
  }
}
