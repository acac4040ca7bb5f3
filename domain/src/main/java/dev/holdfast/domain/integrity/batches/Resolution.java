package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.integrity.batches.BatchState.Durable;
import dev.holdfast.domain.integrity.stores.ContentHash;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done with the files of a batch that was found unresolved (spec I-31). All paths are relative ones of
 * stores; each step can be made again after a crash in the middle of it.
 */
public sealed interface Resolution {
  /** The batch needs nothing. */
  record Settled() implements Resolution {}

  /**
   * Its files are put into their places, then the manifest is applied.
   *
   * @param renames stores whose staged file has the receipt's content, in the order of the receipts
   * @param leftovers stores with a staged file that no receipt tells of; it goes to quarantine
   */
  record Forward(List<String> renames, List<String> leftovers) implements Resolution {
    public Forward {
      renames = List.copyOf(renames);
      leftovers = List.copyOf(leftovers);
    }
  }

  /**
   * What it left goes to quarantine.
   *
   * @param staged stores with a staged file of it
   * @param targets stores that it names and whose file isn't what the manifest tells
   */
  record Abandon(List<String> staged, List<String> targets) implements Resolution {
    public Abandon {
      staged = List.copyOf(staged);
      targets = List.copyOf(targets);
    }
  }

  static Resolution of(Standing standing, BatchFiles found) {
    if (!standing.isUnresolved()) {
      return new Settled();
    }
    List<Receipt> receipts = standing.batch().receipts();
    Durable durable = standing.batch().state().durable();
    var staged = new TreeSet<>(found.staged().keySet());
    if (durable == null || !found.holdAll(receipts)) {
      return new Abandon(List.copyOf(staged), receipts.stream()
          .filter(receipt -> isForeign(standing.manifest(), receipt, found.targets().get(receipt.relativePath())))
          .map(Receipt::relativePath).sorted().toList());
    }
    List<String> renames = receipts.stream().filter(found::isStaged).map(Receipt::relativePath).toList();
    renames.forEach(staged::remove);
    return new Forward(renames, List.copyOf(staged));
  }

  private static boolean isForeign(Manifest manifest, Receipt receipt, @Nullable ContentHash target) {
    return target != null && !Objects.equals(target,
        manifest.entry(receipt.file().schemaName()).map(entry -> entry.file().contentHash()).orElse(null));
  }
}
