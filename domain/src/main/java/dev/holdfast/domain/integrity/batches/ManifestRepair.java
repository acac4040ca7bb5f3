package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.integrity.stores.ContentHash;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What can be known again of the manifest and the receipts when one of them is lost, from the other (spec integrity §9). */
public final class ManifestRepair {
  private ManifestRepair() {}

  /**
   * A manifest out of the receipts: for each store the latest one whose hash its file has. A batch begins only when the one
   * before is settled, so all batches but the last one are known to be; the last counts as applied when nothing of it is
   * staged any more, for its files were put in their places then, and only the manifest may have been missing.
   *
   * @param found hashes of the stores' files that are there, by relative path
   * @param staged staged files of whichever batch
   */
  public static Manifest rebuilt(
      Receipts receipts, Map<String, ContentHash> found, Collection<StagedName> staged, String dataDirId, Instant now) {
    var files = new BatchFiles(found, Map.of());
    Batch applied = null;
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (Batch batch : receipts.batches()) {
      batch.receipts().stream().filter(files::isInPlace)
          .forEach(receipt -> entries.put(receipt.file().schemaName(), Entry.of(receipt)));
      if (isApplied(batch, staged)) {
        applied = batch;
      }
    }
    if (applied == null) {
      return new Manifest(dataDirId, null, 0, null, null, List.of(), null, now);
    }
    return new Manifest(dataDirId, applied.identities(), applied.sequence(), applied.id(), null,
        List.copyOf(entries.values()), null, now);
  }

  private static boolean isApplied(Batch batch, Collection<StagedName> staged) {
    return switch (batch.state()) {
      case BatchState.RolledForward _ -> true;
      case BatchState.Committed _ -> staged.stream().noneMatch(name -> name.batch().equals(batch.id()));
      case BatchState.Preparing _,BatchState.Failed _,BatchState.Abandoned _ -> false;
    };
  }

  /**
   * Whether receipts that can't be read may begin anew: nothing of a batch is under way, and every store is as its entry says.
   *
   * @param states of the stores that the manifest has entries of
   * @param staged staged files of whichever batch
   */
  public static boolean mayBeginAnew(Collection<StoreState> states, Collection<StagedName> staged) {
    return staged.isEmpty() && states.stream().allMatch(state -> state == StoreState.HEALTHY);
  }
}
