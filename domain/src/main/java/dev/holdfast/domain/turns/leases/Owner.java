package dev.holdfast.domain.turns.leases;

import dev.holdfast.domain.Texts;

/**
 * Whoever holds a session.
 *
 * @param id stable over restarts, for example {@code builtin:<node id>}
 * @param incarnation of that owner; the built-in executor's is the store epoch
 */
public record Owner(String id, String incarnation) {
  private static final String BUILTIN = "builtin:";

  public Owner {
    Texts.requireText(id, 200, "an owner id");
    Texts.requireText(incarnation, 200, "an incarnation id");
  }

  /** The built-in executor of a node, as of one start of its store. */
  public static Owner builtin(String nodeId, long epoch) {
    return new Owner(BUILTIN + nodeId, Long.toString(epoch));
  }

  /**
   * Whether {@code other} is an earlier start of this built-in executor. Only the holder of the data directory's lock may
   * ask: the lock is the proof that the earlier process is dead (spec T-3).
   */
  public boolean succeeds(Owner other) {
    return isBuiltin() && other.id.equals(id) && isEpoch(incarnation) && isEpoch(other.incarnation)
        && Long.parseLong(other.incarnation) < Long.parseLong(incarnation);
  }

  /** Whether it is a node's own executor. */
  public boolean isBuiltin() {
    return id.startsWith(BUILTIN);
  }

  private static boolean isEpoch(String incarnation) {
    return incarnation.matches("[0-9]{1,18}");
  }
}
