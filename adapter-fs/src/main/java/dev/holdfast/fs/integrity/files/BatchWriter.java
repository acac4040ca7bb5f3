package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchDraft;
import dev.holdfast.domain.integrity.batches.BatchEvent;
import dev.holdfast.domain.integrity.batches.BatchRules;
import dev.holdfast.domain.integrity.batches.BatchState;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.Receipt;
import dev.holdfast.domain.integrity.batches.ReceiptId;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.batches.Standing;
import dev.holdfast.domain.integrity.batches.WrittenFile;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Envelope;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.domain.integrity.stores.Reading;
import dev.holdfast.domain.integrity.stores.Schema;
import dev.holdfast.domain.integrity.stores.StoreUpdate;
import dev.holdfast.fs.integrity.disk.DiskFailure;
import dev.holdfast.fs.integrity.disk.SyncFailure;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of a data directory's stores (spec integrity §5, §6). A batch is written as a whole before the next one
 * begins. It is for threads that nobody interrupts, because an interrupt would close the file that is written.
 */
public final class BatchWriter {
  private final StoreFolder folder;
  private final Ids ids;
  private @Nullable StoreException poison;

  public BatchWriter(StoreFolder folder, Ids ids) {
    this.folder = folder;
    this.ids = ids;
  }

  /** What became of {@link #update}. */
  public sealed interface Updated {
    record Written(Batch batch) implements Updated {}

    /** Nothing had to be written. */
    record Unchanged(Envelope envelope) implements Updated {}

    /**
     * Nothing was written.
     *
     * @param copy of the file in quarantine; null when it could be read, or couldn't be copied
     */
    record Refused(Reason reason, @Nullable String copy) implements Updated {}
  }

  /**
   * What a store's file is.
   *
   * @param copy its name in quarantine when it can't be used; null when it can, or couldn't be copied
   */
  public record Found(Reading reading, @Nullable String copy) {}

  /** Reads a store (spec I-20). The file stays where it is, whatever it is. */
  public synchronized Found read(Descriptor store) {
    try {
      byte[] bytes = folder.read(store);
      Reading reading = Reading.of(Schemas.of(store), bytes);
      return new Found(reading, switch (reading) {
        case Reading.Absent _,Reading.Valid _ -> null;
        case Reading.Broken _ -> copy(store, Reason.QUARANTINED, bytes);
        case Reading.Future _ -> copy(store, Reason.FUTURE_SCHEMA, bytes);
      });
    } catch (IOException e) {
      throw DiskFailure.of(store.relativePath() + " could not be read", e);
    }
  }

  private @Nullable String copy(Descriptor store, Reason state, byte @Nullable [] bytes) {
    try {
      return bytes == null ? null : folder.quarantine().keep(store.fileName(), state, bytes);
    } catch (IOException _) {
      // The original is still there, so nothing is lost.
      return null;
    }
  }

  /**
   * Changes one store (spec I-21).
   *
   * @param change of the store's data
   */
  public synchronized Updated update(BatchDraft draft, Descriptor store, UnaryOperator<Json> change) {
    Found found = read(store);
    return switch (StoreUpdate.decide(Schemas.of(store), found.reading(), change, draft.startedAt())) {
      case StoreUpdate.Refused(Reason reason, _) -> new Updated.Refused(reason, found.copy());
      case StoreUpdate.Unchanged(Envelope envelope) -> new Updated.Unchanged(envelope);
      case StoreUpdate.Changed(Envelope envelope) -> {
        SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
        contents.put(store, envelope.data());
        yield switch (write(draft, contents)) {
          case Outcome.Done<Batch>(Batch batch) -> new Updated.Written(batch);
          case Outcome.Replayed<Batch>(Batch batch) -> new Updated.Written(batch);
          case Outcome.Refused<Batch> refused -> new Updated.Refused(refused.reason(), null);
        };
      }
    };
  }

  /**
   * Writes these stores, or none of them. What was there and is no batch's work is in quarantine then. A store whose content
   * stays as it is keeps its updated_at.
   *
   * @param contents at least one, in the order of writing
   * @return the batch, applied; invalid_batch, batch_exists or batch_unresolved (spec I-23), invalid_data for a content that
   *     breaks its store's rules, future_schema for a file that this version can't replace
   * @throws StoreException when the disk fails; the batch is unresolved then, unless it had not begun. Once a sync has failed,
   *     store_poisoned for all that come after (spec I-8)
   */
  public synchronized Outcome<Batch> write(BatchDraft draft, SequencedMap<Descriptor, Json> contents) {
    return guarded("the stores could not be written", () -> steps(draft, contents));
  }

  /** For whatever else changes the folder: it is not done at the same time as a batch, nor after a failed sync. */
  synchronized <T> T guarded(String what, Work<T> work) {
    if (poison != null) {
      throw StoreException.poisoned(poison.getCause());
    }
    try {
      return work.run();
    } catch (IOException e) {
      StoreException failure = DiskFailure.of(what, e);
      if (failure.reason() == Reason.STORE_POISONED) {
        poison = failure;
      }
      throw failure;
    }
  }

  /** Something that uses the disk. */
  interface Work<T> {
    T run() throws IOException;
  }

  private Outcome<Batch> steps(BatchDraft draft, SequencedMap<Descriptor, Json> contents) throws IOException {
    Manifest manifest = folder.manifest();
    Receipts receipts = folder.receipts();
    receipts.contradiction(manifest).ifPresent(reason -> {
      throw StoreException.unusable(reason, "manifest and receipts are of two histories");
    });
    Outcome<Receipts> begun = BatchRules.begin(receipts, manifest, draft);
    if (begun instanceof Outcome.Refused<Receipts> refused) {
      return refused.as();
    }
    Outcome<SequencedMap<Descriptor, byte[]>> files = files(manifest, contents, draft.startedAt());
    if (files instanceof Outcome.Refused<SequencedMap<Descriptor, byte[]>> refused) {
      return refused.as();
    }
    Receipts known = begun.orThrow();
    folder.write(known, draft.startedAt());
    Batch batch = known.find(draft.id()).orElseThrow();
    Manifest announced = BatchRules.announced(manifest, batch, draft.startedAt());
    folder.write(announced, draft.startedAt());
    Standing committed = commit(known, new Standing(batch, announced), files.orThrow());
    return new Outcome.Done<>(apply(known, committed).batch());
  }

  /** The bytes that are to be written; what they replace is safe. */
  private Outcome<SequencedMap<Descriptor, byte[]>> files(
      Manifest manifest, SequencedMap<Descriptor, Json> contents, Instant now) throws IOException {
    if (contents.isEmpty()) {
      throw new IllegalArgumentException("a batch writes at least one store");
    }
    SequencedMap<Descriptor, byte[]> files = new LinkedHashMap<>();
    for (Map.Entry<Descriptor, Json> content : contents.entrySet()) {
      Descriptor store = content.getKey();
      Schema schema = Schemas.of(store);
      Inspected found = Inspected.of(schema,
          manifest.entry(store.schemaName()).map(Entry::file).map(WrittenFile::contentHash).orElse(null),
          folder.read(store));
      if (found instanceof Inspected.FutureSchema) {
        return Outcome.refused(Reason.FUTURE_SCHEMA, "schema_name", store.schemaName());
      }
      Envelope before = found.envelope();
      Reading reading = before == null ? new Reading.Absent() : new Reading.Valid(before, false);
      switch (StoreUpdate.decide(schema, reading, _ -> content.getValue(), now)) {
        case StoreUpdate.Refused(Reason reason, _) -> {
          return Outcome.refused(reason, "schema_name", store.schemaName());
        }
        case StoreUpdate.Unchanged(Envelope envelope) -> files.put(store, envelope.bytes());
        case StoreUpdate.Changed(Envelope envelope) -> files.put(store, envelope.bytes());
      }
      folder.keepEvidence(found, store);
    }
    return new Outcome.Done<>(files);
  }

  /** Steps 3 and 4. */
  private Standing commit(Receipts known, Standing preparing, SequencedMap<Descriptor, byte[]> files)
      throws IOException {
    Batch batch = preparing.batch();
    try {
      List<Receipt> staged = new ArrayList<>();
      for (Map.Entry<Descriptor, byte[]> file : files.entrySet()) {
        WholeFiles.write(folder.stores(), StoreFolder.staged(batch.id(), file.getKey()), file.getValue());
        staged.add(receipt(batch, file.getKey(), file.getValue()));
      }
      // The receipts promise that the staged files are found again, under their names.
      WholeFiles.sync(folder.stores());
      Standing committed = BatchRules.on(preparing,
          new BatchEvent.ReceiptsDurable(new BatchState.Durable(staged, batch.startedAt()))).orThrow();
      folder.write(known.with(committed.batch()), batch.startedAt());
      return committed;
    } catch (IOException | RuntimeException e) {
      note(known, BatchRules.on(preparing, new BatchEvent.WritingFailed(told(e))).orThrow(), e);
      throw e;
    }
  }

  private Receipt receipt(Batch batch, Descriptor store, byte[] bytes) {
    var written = new WrittenFile(store.schemaName(), store.schemaVersion(), store.relativePath(),
        ContentHash.of(bytes), bytes.length, batch.startedAt().toEpochMilli(), batch.identities());
    return new Receipt(ReceiptId.random(ids), batch.id(), batch.dataDirId(), written, batch.startedAt());
  }

  /** Steps 5 and 6. */
  private Standing apply(Receipts known, Standing committed) throws IOException {
    Batch batch = committed.batch();
    try {
      for (Receipt receipt : batch.receipts()) {
        Descriptor store = StoreFolder.store(receipt.relativePath());
        folder.stores().rename(StoreFolder.staged(batch.id(), store), store.fileName());
      }
      WholeFiles.sync(folder.stores());
      Standing applied = BatchRules.on(committed, new BatchEvent.Applied(batch.startedAt())).orThrow();
      folder.write(applied.manifest(), batch.startedAt());
      return applied;
    } catch (IOException | RuntimeException e) {
      note(known, BatchRules.on(committed, new BatchEvent.ApplyingFailed(told(e))).orThrow(), e);
      throw e;
    }
  }

  /** Whoever comes next finds the batch unresolved in any case, and here learns why. */
  private void note(Receipts known, Standing failed, Exception why) {
    try {
      folder.write(known.with(failed.batch()), failed.batch().startedAt());
    } catch (IOException e) {
      if (e instanceof SyncFailure) {
        poison = StoreException.poisoned(e);
      }
      why.addSuppressed(e);
    }
  }

  private static String told(Exception why) {
    return why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
  }
}
