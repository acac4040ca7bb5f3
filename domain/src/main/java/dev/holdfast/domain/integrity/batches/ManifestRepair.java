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
   * before is settled, so all batches but the last one are known to be; the last counts as applied when its files are all in
   * their places.
   *
   * @param found hashes of the stores' files that are there, by relative path
   */
  public static Manifest rebuilt(Receipts receipts, Map<String, ContentHash> found, String dataDirId, Instant now) {
    var files = new BatchFiles(found, Map.of());
    List<Batch> batches = receipts.batches();
    Batch applied = null;
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < batches.size(); i++) {
      Batch batch = batches.get(i);
      batch.receipts().stream().filter(files::isInPlace)
          .forEach(receipt -> entries.put(receipt.file().schemaName(), Entry.of(receipt)));
      if (isApplied(batch, i == batches.size() - 1, files)) {
        applied = batch;
      }
    }
    if (applied == null) {
      return new Manifest(dataDirId, null, 0, null, null, List.of(), null, now);
    }
    return new Manifest(dataDirId, applied.identities(), applied.sequence(), applied.id(), null,
        List.copyOf(entries.values()), null, now);
  }

  private static boolean isApplied(Batch batch, boolean last, BatchFiles files) {
    return switch (batch.state()) {
      case BatchState.RolledForward _ -> true;
      case BatchState.Committed _ -> !last || batch.receipts().stream().allMatch(files::isInPlace);
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
