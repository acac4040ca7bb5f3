package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Reason;
import java.util.List;

/** What comes of planning. */
public sealed interface Planning {
  record Planned(Plan plan) implements Planning {}

  /** @param reason manifest_corrupt, receipts_corrupt, or future_schema where a later version wrote one of them */
  record NoPlan(Reason reason, String note) implements Planning {}

  default Impact impact() {
    return switch (this) {
      case Planned(Plan plan) -> plan.impact();
      case NoPlan _ -> Impact.BLOCKED;
    };
  }

  default List<Finding> diagnostics() {
    return switch (this) {
      case Planned(Plan plan) -> plan.diagnostics();
      case NoPlan(Reason reason, String note) -> List.of(new Finding(reason, null, note));
    };
  }
}
