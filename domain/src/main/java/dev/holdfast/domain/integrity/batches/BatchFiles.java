package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.integrity.stores.ContentHash;
import java.util.List;
import java.util.Map;

/**
 * The files that a batch may have touched, as they are found on disk.
 *
 * @param targets hashes of the stores' files that are there, by relative path
 * @param staged hashes of the files that this batch staged and that are there, by the relative path of their target
 */
public record BatchFiles(Map<String, ContentHash> targets, Map<String, ContentHash> staged) {
  public BatchFiles {
    targets = Map.copyOf(targets);
    staged = Map.copyOf(staged);
  }

  /** Whether the content of each receipt is still there, in its place or staged (spec I-31). */
  boolean holdAll(List<Receipt> receipts) {
    return receipts.stream().allMatch(receipt -> isStaged(receipt) || isInPlace(receipt));
  }

  boolean isStaged(Receipt receipt) {
    return receipt.contentHash().equals(staged.get(receipt.relativePath()));
  }

  boolean isInPlace(Receipt receipt) {
    return receipt.contentHash().equals(targets.get(receipt.relativePath()));
  }
}
