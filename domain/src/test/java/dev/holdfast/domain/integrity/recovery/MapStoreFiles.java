package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.MapFolder;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Stores in a map. A recovery of it resolves batches and mends nothing else. */
public final class MapStoreFiles implements StoreFiles {
  private static final PlanId PLAN = new PlanId("hf-plan-0123456789abcdef");

  private final MapFolder folder;

  public MapStoreFiles(MapFolder folder) {
    this.folder = folder;
  }

  @Override
  public Survey survey() {
    return folder.survey();
  }

  @Override
  public long highWatermark() {
    return folder.manifest().highWatermark();
  }

  @Override
  public Recovered recover(Consents consents, @Nullable Identities present, Instant now) {
    folder.resolve();
    return new Recovered(List.of(),
        Planner.plan(folder.survey(), new Planner.Asked(PLAN, MapFolder.DATA_DIR, null, now)));
  }

  @Override
  public Outcome<Batch> write(
      BatchReason reason, Identities identities, SequencedMap<Descriptor, Json> contents, Instant now) {
    for (Map.Entry<Descriptor, Json> content : contents.entrySet()) {
      byte[] bytes = Envelope.of(content.getKey().schemaVersion(), now, content.getValue()).bytes();
      if (!(Reading.of(Schemas.of(content.getKey()), bytes) instanceof Reading.Valid)) {
        return Outcome.refused(Reason.INVALID_DATA, "schema_name", content.getKey().schemaName());
      }
    }
    StoreBatchId written = folder.batch(identities, contents);
    return new Outcome.Done<>(folder.receipts().find(written).orElseThrow());
  }
}
