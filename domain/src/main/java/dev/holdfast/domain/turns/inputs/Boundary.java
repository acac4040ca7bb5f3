package dev.holdfast.domain.turns.inputs;

import java.util.Locale;

/** The two kinds of checkpoint of a turn (spec T-66). */
public enum Boundary {
  /** The turn goes on after a step of it. */
  AFTER_WORK,
  /** The turn would end now. */
  BEFORE_COMPLETION;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an input with this earliest boundary is admitted at a checkpoint of that kind (spec T-42). */
  public boolean admitsAt(Boundary checkpoint) {
    return this == AFTER_WORK || checkpoint == BEFORE_COMPLETION;
  }
}
