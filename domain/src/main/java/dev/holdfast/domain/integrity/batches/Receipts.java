package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.stores.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The batches, oldest first: written before anything that they tell of.
 *
 * @param batches no two of one id
 */
public record Receipts(List<Batch> batches) {
  /** Settled batches that are kept (spec I-33). */
  public static final int KEPT = 64;

  public static final Receipts NONE = new Receipts(List.of());

  public static final Schema SCHEMA = new Schema(1, Receipts::read, NONE.json());

  public Receipts {
    batches = List.copyOf(batches);
    Set<StoreBatchId> ids = new HashSet<>();
    batches.forEach(batch -> {
      if (!ids.add(batch.id())) {
        throw new IllegalArgumentException("two batches " + batch.id());
      }
    });
  }

  public Optional<Batch> find(StoreBatchId id) {
    return batches.stream().filter(batch -> batch.id().equals(id)).findFirst();
  }

  /** Those that block readiness and the beginning of another one (spec I-32). */
  public List<Batch> unresolved(Manifest manifest) {
    return batches.stream().filter(batch -> new Standing(batch, manifest).isUnresolved()).toList();
  }

  /**
   * Whether these receipts and the manifest can be of one history: the manifest's last batch is among them with its
   * watermark, and an unresolved batch is the next one. Receipts that were begun anew contradict nothing.
   *
   * @return manifest_corrupt or receipts_corrupt when they can't
   */
  public Optional<Reason> contradiction(Manifest manifest) {
    if (batches.isEmpty()) {
      return Optional.empty();
    }
    if (manifest.lastCommitted() != null) {
      Optional<Batch> last = find(manifest.lastCommitted());
      if (last.isEmpty()) {
        return Optional.of(Reason.RECEIPTS_CORRUPT);
      }
      if (last.get().sequence() != manifest.highWatermark()) {
        return Optional.of(Reason.MANIFEST_CORRUPT);
      }
    }
    List<Batch> unresolved = unresolved(manifest);
    if (unresolved.stream().allMatch(batch -> batch.sequence() <= manifest.highWatermark() + 1)) {
      return Optional.empty();
    }
    // A batch begins when the one before is settled: several mean that the manifest doesn't know what was applied since.
    return Optional.of(unresolved.size() > 1 ? Reason.MANIFEST_CORRUPT : Reason.RECEIPTS_CORRUPT);
  }

  /** The batch at its place, or at the end when it is new. */
  public Receipts with(Batch batch) {
    List<Batch> changed = new ArrayList<>(batches);
    int at = batches.stream().map(Batch::id).toList().indexOf(batch.id());
    if (at < 0) {
      changed.add(batch);
    } else {
      changed.set(at, batch);
    }
    return new Receipts(changed);
  }

  /** Without the oldest settled ones beyond {@link #KEPT}; the one that the manifest names last is never among them. */
  public Receipts trimmed(Manifest manifest) {
    Set<Batch> unresolved = new HashSet<>(unresolved(manifest));
    long surplus = (long) batches.size() - unresolved.size() - KEPT;
    List<Batch> kept = new ArrayList<>();
    for (Batch batch : batches) {
      if (surplus > 0 && !unresolved.contains(batch) && !batch.id().equals(manifest.lastCommitted())) {
        surplus--;
      } else {
        kept.add(batch);
      }
    }
    return new Receipts(kept);
  }

  public Json json() {
    return Json.object("batches", batches.stream().map(Batch::json).toList());
  }

  /** The inverse of {@link #json}. */
  public static Receipts read(JsonMembers members) {
    List<Batch> batches = members.objects("batches", Batch::read);
    members.end();
    return members.checked("batches", () -> new Receipts(batches));
  }
}
