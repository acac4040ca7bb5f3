package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Ids;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchDraft;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.StoreBatchId;
import dev.holdfast.domain.integrity.batches.WrittenFile;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Mends one store at a time. Its file is in quarantine, and what takes its place is written by one batch. */
final class StoreRebuilder {
  private final StoreFolder folder;
  private final BatchWriter writer;
  private final Rebuilding sources;
  private final String dataDirId;
  private final Ids ids;

  StoreRebuilder(StoreFolder folder, BatchWriter writer, Rebuilding sources, String dataDirId, Ids ids) {
    this.folder = folder;
    this.writer = writer;
    this.sources = sources;
    this.dataDirId = dataDirId;
    this.ids = ids;
  }

  /**
   * What is to be done about a store.
   *
   * @param under identities of the batch; null where none are known
   * @param expected that the plan held the store against
   */
  record Mending(
      Descriptor store, RecoveryStep step, boolean afterBackup, @Nullable Identities under,
      @Nullable Identities expected) {}

  /** @return empty when it can't be done now, which a later plan tells again */
  Optional<StepTaken> mend(Mending mending, Instant now) throws IOException {
    if (mending.afterBackup() && !sources.verifiedBackup().getAsBoolean()) {
      return Optional.empty();
    }
    return switch (mending.step()) {
      case RESTAMP -> restamp(mending, now);
      case QUARANTINE_ONLY -> Optional.of(taken(mending, moveAway(mending.store())));
      case REBUILD_FROM_PROVIDER, QUARANTINE_AND_REBUILD_FROM_PROVIDER, RERUN_CAPABILITY_DISCOVERY,
          QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_EMPTY, REBUILD_FROM_CANONICAL_DESTINATION,
          QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION, QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE, RELAUNCH ->
        rewrite(mending, sources.content(mending.store(), mending.step(), mending.under()), now);
      case ROLL_FORWARD, ABANDON, REBUILD_MANIFEST_FROM_RECEIPTS, BEGIN_RECEIPTS_ANEW, CUT_JOURNAL ->
        throw new IllegalArgumentException("no step of a store: " + mending.step().text());
    };
  }

  private Optional<StepTaken> restamp(Mending mending, Instant now) throws IOException {
    if (mending.expected() == null) {
      return Optional.empty();
    }
    folder.write(folder.manifest().restamped(mending.store().schemaName(), mending.expected(), now), now);
    return Optional.of(taken(mending, null));
  }

  /** The batch replaces the file in one step, so that a crash never leaves the store without either. */
  private Optional<StepTaken> rewrite(Mending mending, Optional<Json> content, Instant now) throws IOException {
    if (content.isEmpty()) {
      return Optional.empty();
    }
    Inspected found = inspect(mending.store());
    String evidence = folder.keepEvidence(found, mending.store());
    if (found instanceof Inspected.FutureSchema) {
      // A batch never replaces what a later version wrote.
      moveAway(mending.store());
    }
    SequencedMap<Descriptor, Json> contents = new LinkedHashMap<>();
    contents.put(mending.store(), content.get());
    Outcome<Batch> written = writer.write(
        new BatchDraft(StoreBatchId.random(ids), dataDirId, mending.under(), mending.step().batchReason(), now),
        contents);
    return written instanceof Outcome.Done ? Optional.of(taken(mending, evidence)) : Optional.empty();
  }

  private Inspected inspect(Descriptor store) throws IOException {
    return Inspected.of(Schemas.of(store), folder.manifest().entry(store.schemaName()).map(Entry::file)
        .map(WrittenFile::contentHash).orElse(null), folder.read(store));
  }

  private @Nullable String moveAway(Descriptor store) throws IOException {
    Reason state = inspect(store).state().reason().orElse(Reason.QUARANTINED);
    String evidence = folder.quarantine().move(folder.stores(), store.fileName(), state);
    WholeFiles.sync(folder.stores());
    return evidence;
  }

  private static StepTaken taken(Mending mending, @Nullable String evidence) {
    return new StepTaken(mending.step(), mending.store().schemaName(), null,
        evidence == null ? List.of() : List.of(evidence));
  }
}
