package dev.holdfast.fs.integrity.journal;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;

/** What is found where the journal isn't as it was written. */
final class Damage {
  private Damage() {}

  /** Nothing behind it can be told apart, so nothing is served (spec I-15). */
  static StoreException of(String what) {
    return StoreException.unusable(Reason.JOURNAL_DAMAGED,
        "the journal is damaged: " + what + "; restore it from a backup");
  }

  /** A segment isn't there, or its end; what is behind it can't be told from what it had. */
  static StoreException missing(String what) {
    return StoreException.lacking(Reason.JOURNAL_DAMAGED,
        "the journal is damaged: " + what + "; restore it from a backup");
  }

  static StoreException truncated(long frame) {
    return StoreException.unusable(Reason.JOURNAL_TRUNCATED,
        "the journal ends before unit of work " + frame + ", which had been durable; restore it from a backup");
  }

  static StoreException unreadable(long position) {
    return StoreException.unusable(Reason.STORE_CORRUPT, "the journal holds no whole unit of work at " + position);
  }
}
