package dev.holdfast.domain.turns.simulation;

import org.jspecify.annotations.Nullable;

/** An invariant that doesn't hold. */
final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  Violation(String what) {
    super(what);
  }

  /** The fact is made text only when it is needed. */
  static void unless(boolean holds, String what, @Nullable Object fact) {
    if (!holds) {
      throw new Violation(what + ": " + fact);
    }
  }

  /** The same with two facts that don't fit together. */
  static void unless(boolean holds, String what, @Nullable Object fact, @Nullable Object other) {
    if (!holds) {
      throw new Violation(what + ": " + fact + " and " + other);
    }
  }
}
