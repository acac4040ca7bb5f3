package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.integrity.batches.BatchReason;
import java.util.Locale;

/** What a recovery does. Whatever is moved goes to quarantine, and whatever is written is written by a batch. */
public enum RecoveryStep {
  ROLL_FORWARD,
  ABANDON,
  REBUILD_FROM_PROVIDER,
  REBUILD_FROM_CANONICAL_DESTINATION,
  RERUN_CAPABILITY_DISCOVERY,
  /** File moved, entry dropped, an empty store written. */
  QUARANTINE_AND_EMPTY,
  /** File moved, entry dropped; the store's owner is asked. */
  QUARANTINE_AND_REBUILD_FROM_PROVIDER,
  QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION,
  QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY,
  QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE,
  /** File moved, entry dropped; the store is missing then, which blocks. */
  QUARANTINE_ONLY,
  /** Written anew from the journal. */
  RELAUNCH,
  /** The entry gets the present identities. */
  RESTAMP,
  REBUILD_MANIFEST_FROM_RECEIPTS,
  BEGIN_RECEIPTS_ANEW,
  /** The journal is cut behind its last good frame. */
  CUT_JOURNAL;

  /** Of the batch that writes what the step puts in a store's place. */
  public BatchReason batchReason() {
    return this == RERUN_CAPABILITY_DISCOVERY || this == QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY
        ? BatchReason.CAPABILITY_DISCOVERY
        : BatchReason.RECOVERY;
  }

  /** Whether a store is written of what the rows hold. */
  boolean isMadeOfRows() {
    return switch (this) {
      case REBUILD_FROM_CANONICAL_DESTINATION, QUARANTINE_AND_REBUILD_FROM_CANONICAL_DESTINATION,
          QUARANTINE_AND_REBUILD_FROM_LAUNCH_STATE, RELAUNCH ->
        true;
      case ROLL_FORWARD, ABANDON, REBUILD_FROM_PROVIDER, RERUN_CAPABILITY_DISCOVERY, QUARANTINE_AND_EMPTY,
          QUARANTINE_AND_REBUILD_FROM_PROVIDER, QUARANTINE_AND_RERUN_CAPABILITY_DISCOVERY, QUARANTINE_ONLY, RESTAMP,
          REBUILD_MANIFEST_FROM_RECEIPTS, BEGIN_RECEIPTS_ANEW, CUT_JOURNAL ->
        false;
    };
  }

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  String words() {
    return text().replace('_', ' ');
  }
}
