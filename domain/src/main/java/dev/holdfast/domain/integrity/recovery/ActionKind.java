package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.integrity.stores.RebuildStrategy;
import dev.holdfast.domain.integrity.stores.StoreState;
import java.util.Locale;

/** What a plan asks for. */
public enum ActionKind {
  NONE,
  /** Nobody but an operator can mend it. */
  BLOCK_READINESS,
  REBUILD_FROM_PROVIDER,
  REBUILD_FROM_CANONICAL_DESTINATION,
  RERUN_CAPABILITY_DISCOVERY,
  /** The file must be moved away before anything else. */
  QUARANTINE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The action table of spec integrity §7; a healthy store needs nothing. */
  public static ActionKind of(RebuildStrategy strategy, StoreState state) {
    return switch (strategy) {
      case NONE, REBUILD_FROM_LAUNCH_STATE -> unreadable(state, BLOCK_READINESS, QUARANTINE);
      case POLL_PROVIDER -> unreadable(state, REBUILD_FROM_PROVIDER, REBUILD_FROM_PROVIDER);
      case VERIFY_CANONICAL_DESTINATIONS ->
        unreadable(state, REBUILD_FROM_CANONICAL_DESTINATION, REBUILD_FROM_CANONICAL_DESTINATION);
      case RERUN_CAPABILITY_DISCOVERY -> unreadable(state, RERUN_CAPABILITY_DISCOVERY, QUARANTINE);
      case DROP_AFTER_QUARANTINE -> unreadable(state, QUARANTINE, QUARANTINE);
    };
  }

  /** What a later version wrote, and what isn't as a batch wrote it, is evidence first, whatever the strategy. */
  private static ActionKind unreadable(StoreState state, ActionKind unproven, ActionKind quarantined) {
    return switch (state) {
      case HEALTHY -> NONE;
      case MISSING, UNCOMMITTED_WRITE -> unproven;
      case QUARANTINED -> quarantined;
      case FUTURE_SCHEMA, HASH_MISMATCH -> QUARANTINE;
    };
  }
}
