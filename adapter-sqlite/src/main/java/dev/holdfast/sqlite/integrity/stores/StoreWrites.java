package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.BatchState;
import dev.holdfast.domain.integrity.batches.Receipt;
import dev.holdfast.domain.integrity.batches.ReceiptId;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.batches.WrittenFile;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.StoreUpdate;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What is written of stores in one transaction. Evidence is durable before what it is of is gone. */
final class StoreWrites {
  private final TableStores.Place place;
  private final Ids ids;

  StoreWrites(TableStores.Place place, Ids ids) {
    this.place = place;
    this.ids = ids;
  }

  /** What a batch is written for. */
  record Draft(BatchReason reason, Identities identities, Instant now) {}

  /**
   * Writes all, or changes nothing and says why.
   *
   * @param contents at least one
   */
  Outcome<Batch> write(Sql sql, Draft draft, SequencedMap<Descriptor, Json> contents) {
    if (contents.isEmpty()) {
      throw new IllegalArgumentException("a batch writes at least one store");
    }
    StoreMeta meta = StoreTables.meta(sql).orElse(StoreMeta.NONE);
    SequencedMap<Descriptor, byte[]> envelopes = new LinkedHashMap<>();
    for (Map.Entry<Descriptor, Json> content : contents.entrySet()) {
      Descriptor store = content.getKey();
      Inspected found = StoreTables.row(sql, store).inspected(store, true);
      if (found instanceof Inspected.FutureSchema) {
        return Outcome.refused(Reason.FUTURE_SCHEMA, "schema_name", store.schemaName());
      }
      Envelope before = found.envelope();
      Reading reading = before == null ? new Reading.Absent() : new Reading.Valid(before, false);
      switch (StoreUpdate.decide(Schemas.of(store), reading, _ -> content.getValue(), draft.now())) {
        case StoreUpdate.Refused(Reason reason, _) -> {
          return Outcome.refused(reason, "schema_name", store.schemaName());
        }
        case StoreUpdate.Unchanged(Envelope envelope) -> envelopes.put(store, envelope.bytes());
        case StoreUpdate.Changed(Envelope envelope) -> envelopes.put(store, envelope.bytes());
      }
    }
    envelopes.keySet().forEach(store -> keepEvidence(sql, store));
    Batch batch = batch(meta, draft, envelopes);
    envelopes.forEach((store, envelope) -> StoreRow.put(sql, store, batch, envelope));
    meta.applied(batch, place.epoch()).put(sql);
    return new Outcome.Done<>(batch);
  }

  /** As if it had been written to files, for whoever asked for it; the rows keep what of it is needed. */
  private Batch batch(StoreMeta meta, Draft draft, SequencedMap<Descriptor, byte[]> envelopes) {
    StoreBatchId id = StoreBatchId.random(ids);
    List<Receipt> receipts = envelopes.entrySet().stream().map(entry -> {
      Descriptor store = entry.getKey();
      var written = new WrittenFile(store.schemaName(), store.schemaVersion(), store.relativePath(),
          ContentHash.of(entry.getValue()), entry.getValue().length, draft.now().toEpochMilli(), draft.identities());
      return new Receipt(ReceiptId.random(ids), id, place.dataDirId(), written, draft.now());
    }).toList();
    return new Batch(id, meta.highWatermark() + 1, place.dataDirId(), draft.identities(), draft.reason(), draft.now(),
        new BatchState.Committed(new BatchState.Durable(receipts, draft.now())));
  }

  /**
   * What is there and isn't what a batch wrote is evidence.
   *
   * @return the name of the copy; null when none is needed, or nothing can be read
   */
  @Nullable
  String keepEvidence(Sql sql, Descriptor store) {
    StoreRow row = StoreTables.row(sql, store);
    boolean isListed = StoreTables.meta(sql).isPresent();
    Reason state = row.inspected(store, isListed).state().reason().orElse(null);
    byte[] bytes = row.bytes();
    return state == null || bytes == null ? null : place.quarantine().keep(store.fileName(), state, bytes);
  }

  /** As {@link #keepEvidence}, of the row of store_meta: its columns by name. */
  @Nullable
  String keepMeta(Sql sql) {
    Optional<Json> columns = StoreTables.columnsOfMeta(sql);
    return columns.map(found -> place.quarantine().keep("store-meta.json", Reason.MANIFEST_CORRUPT,
        (found.pretty() + "\n").getBytes(StandardCharsets.UTF_8))).orElse(null);
  }

  /** Each row tells which batch wrote it and for which run, so store_meta is made of the newest. */
  StoreMeta rebuiltMeta(Sql sql, Instant now) {
    return Descriptors.ALL.stream().map(store -> StoreTables.row(sql, store))
        .filter(StoreRow.Kept.class::isInstance).map(StoreRow.Kept.class::cast)
        .max(Comparator.comparingLong(StoreRow.Kept::sequence))
        .map(newest -> new StoreMeta(place.dataDirId(), place.epoch(), newest.sequence(), newest.stamped(),
            newest.batch(), null, now))
        .orElse(StoreMeta.NONE);
  }
}
