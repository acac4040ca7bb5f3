package dev.holdfast.domain.integrity.batches;

import dev.holdfast.domain.integrity.stores.Identities;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A batch that is to begin.
 *
 * @param identities null where the manifest has none to go on with, which no batch can begin without
 */
public record BatchDraft(
    StoreBatchId id, String dataDirId, @Nullable Identities identities, BatchReason reason, Instant startedAt) {}
