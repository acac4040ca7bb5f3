package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchDraft;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.StoreFiles;
import dev.holdfast.domain.integrity.recovery.Survey;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Instant;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Plain files of one folder; for threads that nobody interrupts. */
public final class FolderStores implements StoreFiles {
  private final StoreFolder folder;
  private final BatchWriter writer;
  private final Recovery recovery;
  private final String dataDirId;
  private final Ids ids;

  /** @param dataDirId of store.json */
  public FolderStores(StoreFolder folder, Rebuilding sources, String dataDirId, Ids ids) {
    this.folder = folder;
    this.writer = new BatchWriter(folder, ids);
    this.recovery = new Recovery(folder, writer, sources, dataDirId, ids);
    this.dataDirId = dataDirId;
    this.ids = ids;
  }

  @Override
  public Survey survey() {
    return writer.guarded("the stores could not be read", folder::survey);
  }

  @Override
  public long highWatermark() {
    return writer.guarded("the manifest could not be read", () -> folder.manifest().highWatermark());
  }

  @Override
  public Recovered recover(Consents consents, @Nullable Identities present, Instant now) {
    return recovery.recover(new Recovery.Asked(consents, present, now));
  }

  @Override
  public Outcome<Batch> write(
      BatchReason reason, Identities identities, SequencedMap<Descriptor, Json> contents, Instant now) {
    return writer.write(new BatchDraft(StoreBatchId.random(ids), dataDirId, identities, reason, now), contents);
  }
}
