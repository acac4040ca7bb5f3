package dev.holdfast.domain.integrity.stores;

import java.util.Locale;

/** How a store comes to hold the right content again. */
public enum RebuildStrategy {
  /** Only an operator can decide it. */
  NONE,
  /** The launch writes it anew, from the launch state. */
  REBUILD_FROM_LAUNCH_STATE,
  /** Its outside owner is asked: publishers register again, processes are looked up. */
  POLL_PROVIDER,
  /** The journal is folded again, files of artifacts and segments are hashed again. */
  VERIFY_CANONICAL_DESTINATIONS,
  RERUN_CAPABILITY_DISCOVERY,
  /** It begins empty. */
  DROP_AFTER_QUARANTINE;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
