package dev.holdfast.domain.integrity.batches;

import java.util.Locale;

/** Why several files are written together. */
public enum BatchReason {
  LAUNCH_CHECKPOINT,
  JOURNAL_SEAL,
  CAPABILITY_DISCOVERY,
  STOP_TOMBSTONE,
  MIGRATION,
  RECOVERY;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
