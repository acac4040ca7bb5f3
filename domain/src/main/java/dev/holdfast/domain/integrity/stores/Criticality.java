package dev.holdfast.domain.integrity.stores;

import java.util.Locale;

/** What a store's damage means to the node. */
public enum Criticality {
  /** The node can't work with it. */
  READINESS_BLOCKING,
  /** It can be asked for again outside. */
  REBUILDABLE_FROM_PROVIDER,
  /** It can be made again of what the directory holds. */
  REBUILDABLE_FROM_CANONICAL_DESTINATION,
  /** It is only told to people. */
  DIAGNOSTIC_ONLY;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isRebuildable() {
    return this == REBUILDABLE_FROM_PROVIDER || this == REBUILDABLE_FROM_CANONICAL_DESTINATION;
  }
}
