package dev.holdfast.domain.turns.queue;

import dev.holdfast.domain.Texts;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When and together with what a batch may be taken (spec T-21).
 *
 * @param policy the earliest moment
 * @param slot alone, or together with its neighbours
 * @param mergeKey neighbours in a shared slot have an equal one; null for one that is equal to no other's
 */
public record Delivery(Policy policy, Slot slot, @Nullable String mergeKey) {
  /** The merge key of batches that join any other of the default. */
  public static final String PAYLOAD_DEFAULT = "payload_default";

  public Delivery {
    if (mergeKey != null) {
      Texts.requireText(mergeKey, 200, "merge_key");
    }
  }

  /** The earliest moment at which a batch may be taken. */
  public enum Policy {
    /** At idle, or at a checkpoint of a running turn. */
    EARLIEST_SAFE_BOUNDARY,
    /** Only between turns. */
    AFTER_CURRENT_TURN_COMMIT;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a batch shares what takes it. */
  public enum Slot {
    JOIN,
    EXCLUSIVE;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a batch of that class has when nothing else is said. */
  public static Delivery standard(WorkClass workClass) {
    return switch (workClass) {
      case SESSION_COMMAND -> new Delivery(Policy.AFTER_CURRENT_TURN_COMMIT, Slot.EXCLUSIVE, null);
      case TURN_WORK -> new Delivery(Policy.EARLIEST_SAFE_BOUNDARY, Slot.EXCLUSIVE, null);
    };
  }

  /** Whether a batch of {@code other} may follow one of this in the same slot. */
  public boolean joins(Delivery other) {
    return slot == Slot.JOIN && other.slot == Slot.JOIN && policy == other.policy && mergeKey != null
        && mergeKey.equals(other.mergeKey);
  }
}
