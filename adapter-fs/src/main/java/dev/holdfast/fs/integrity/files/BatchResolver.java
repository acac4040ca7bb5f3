package dev.holdfast.fs.integrity.files;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchEvent;
import dev.holdfast.domain.integrity.batches.BatchFiles;
import dev.holdfast.domain.integrity.batches.BatchRules;
import dev.holdfast.domain.integrity.batches.Entry;
import dev.holdfast.domain.integrity.batches.Manifest;
import dev.holdfast.domain.integrity.batches.Receipts;
import dev.holdfast.domain.integrity.batches.Resolution;
import dev.holdfast.domain.integrity.batches.Standing;
import dev.holdfast.domain.integrity.contents.Schemas;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.RecoveryRules;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.Treatment;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.Inspected;
import dev.holdfast.fs.integrity.disk.WholeFiles;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rolls unresolved batches forward or gives them up (spec I-31). Each change of the disk leaves the batch such that the same is
 * decided again, so it may die at any of them.
 */
final class BatchResolver {
  private final StoreFolder folder;

  BatchResolver(StoreFolder folder) {
    this.folder = folder;
  }

  /** @return the steps that were made; a batch that waits for an operator's word stays as it is */
  List<StepTaken> resolve(Consents consents, Instant now) throws IOException {
    List<StepTaken> steps = new ArrayList<>();
    for (Batch batch : folder.receipts().unresolved(folder.manifest())) {
      var standing = new Standing(batch, folder.manifest());
      BatchFiles found = folder.found(batch.id());
      Resolution resolution = Resolution.of(standing, found);
      if (RecoveryRules.treat(resolution, consents) instanceof Treatment.Do(var step, _)) {
        List<String> evidence = carryOut(resolution, standing, found, now);
        steps.add(new StepTaken(step, Descriptors.LAUNCH_TRANSACTION.schemaName(), batch.id().value(), evidence));
      }
    }
    return steps;
  }

  private List<String> carryOut(Resolution resolution, Standing standing, BatchFiles found, Instant now)
      throws IOException {
    List<String> evidence = new ArrayList<>();
    switch (resolution) {
      case Resolution.Settled _ -> {
        // Nothing of it is left.
      }
      case Resolution.Forward(List<String> renames, List<String> leftovers) -> {
        for (String path : renames) {
          putInPlace(standing, StoreFolder.store(path), evidence);
        }
        moveStaged(standing, leftovers, evidence);
        WholeFiles.sync(folder.stores());
        settle(standing, BatchRules.on(standing, new BatchEvent.RolledForward(found, now)).orThrow(), now);
      }
      case Resolution.Abandon(List<String> staged, List<String> targets) -> {
        moveStaged(standing, staged, evidence);
        for (String path : targets) {
          add(evidence, folder.quarantine().move(folder.stores(), StoreFolder.store(path).fileName(),
              Reason.UNCOMMITTED_BATCH));
        }
        WholeFiles.sync(folder.stores());
        settle(standing, BatchRules.on(standing, new BatchEvent.Abandoned()).orThrow(), now);
      }
    }
    return evidence;
  }

  /** What is in the place, and is no batch's work, isn't lost by it. */
  private void putInPlace(Standing standing, Descriptor store, List<String> evidence) throws IOException {
    var recorded = standing.manifest().entry(store.schemaName()).map(Entry::file).map(file -> file.contentHash());
    add(evidence, folder.keepEvidence(
        Inspected.of(Schemas.of(store), recorded.orElse(null), folder.read(store)), store));
    folder.stores().rename(StoreFolder.staged(standing.batch().id(), store), store.fileName());
  }

  private void moveStaged(Standing standing, List<String> paths, List<String> evidence) throws IOException {
    for (String path : paths) {
      String name = StoreFolder.staged(standing.batch().id(), StoreFolder.store(path));
      add(evidence, folder.quarantine().move(folder.stores(), name, Reason.UNCOMMITTED_BATCH));
    }
  }

  private void settle(Standing before, Standing after, Instant now) throws IOException {
    Manifest manifest = after.manifest();
    if (!manifest.equals(before.manifest())) {
      folder.write(manifest, now);
    }
    Receipts receipts = folder.receipts();
    folder.write(receipts.with(after.batch()), now);
  }

  private static void add(List<String> evidence, @Nullable String name) {
    if (name != null) {
      evidence.add(name);
    }
  }
}
