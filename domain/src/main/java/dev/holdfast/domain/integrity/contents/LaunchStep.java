package dev.holdfast.domain.integrity.contents;

import java.util.Locale;

/** The checkpoints of a launch, in their order (spec integrity §10). */
public enum LaunchStep {
  DIRECTORY_CHECKED,
  LOCK_TAKEN,
  EPOCH_ADVANCED,
  STORE_INSPECTED,
  BATCHES_RESOLVED,
  STORE_RECOVERED,
  MIGRATED,
  JOURNAL_REPLAYED,
  LEFTOVERS_CLEARED,
  CAPABILITIES_DISCOVERED,
  RESTAMPED,
  KEYS_LOADED,
  ROUTES_OPENED,
  EXECUTORS_STARTED,
  /** Passed with the launch itself, never before. */
  RUN_READY;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
