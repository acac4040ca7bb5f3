package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.Batch;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Instant;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one data directory, as its launch uses them. Each method throws {@link StoreException} when the disk fails, and
 * store_poisoned for all that come after a sync that failed.
 */
public interface StoreFiles {

  /** Looks at everything and writes nothing. */
  Survey survey();

  /**
   * The manifest's, which the next batch raises by one.
   *
   * @throws StoreException manifest_corrupt when it can't be read
   */
  long highWatermark();

  /**
   * Resolves batches and mends stores, as far as the consents go; what is left is told by the plan that comes back. It may be
   * cut off anywhere and made again.
   *
   * @param present identities for a manifest that has none; null where none are known
   */
  Recovered recover(Consents consents, @Nullable Identities present, Instant now);

  /**
   * Writes all these stores durably, or none.
   *
   * @param contents at least one
   * @return the batch, applied; batch_unresolved while another one is, invalid_data for content that breaks its store's rules,
   *     future_schema for a file of a later version
   */
  Outcome<Batch> write(
      BatchReason reason, Identities identities, SequencedMap<Descriptor, Json> contents, Instant now);
}
