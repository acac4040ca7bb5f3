package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.integrity.stores.Criticality;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an action means to the node's readiness, from the least to the worst. */
public enum Impact {
  NONE,
  /** The node isn't whole, but works. */
  DEGRADED,
  /** The node takes no work. */
  BLOCKED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Impact worse(Impact other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /**
   * The impact table of spec integrity §7.
   *
   * @param criticality null for a store that has no descriptor
   */
  public static Impact of(ActionKind kind, @Nullable Criticality criticality) {
    return switch (kind) {
      case NONE -> NONE;
      case BLOCK_READINESS -> BLOCKED;
      case REBUILD_FROM_PROVIDER, REBUILD_FROM_CANONICAL_DESTINATION, RERUN_CAPABILITY_DISCOVERY, QUARANTINE ->
        ofRepair(criticality);
    };
  }

  private static Impact ofRepair(@Nullable Criticality criticality) {
    return switch (criticality) {
      case READINESS_BLOCKING -> BLOCKED;
      case REBUILDABLE_FROM_PROVIDER, REBUILDABLE_FROM_CANONICAL_DESTINATION -> DEGRADED;
      case DIAGNOSTIC_ONLY -> NONE;
      case null -> DEGRADED;
    };
  }
}
