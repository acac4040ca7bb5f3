package dev.holdfast.domain.integrity.recovery;

import java.util.List;
import java.util.stream.Collectors;

/** What a recovery with given consents does about something (spec integrity §9). */
public sealed interface Treatment {
  /** Nothing is wrong there. */
  record Nothing() implements Treatment {}

  /**
   * It is done.
   *
   * @param afterBackup whether a backup must be made and verified before
   */
  record Do(RecoveryStep step, boolean afterBackup) implements Treatment {}

  /**
   * It could be done.
   *
   * @param missing consents, in their order; at least one
   */
  record Waits(RecoveryStep step, List<Consent> missing) implements Treatment {
    public Waits {
      missing = List.copyOf(missing);
    }
  }

  /**
   * No consent helps.
   *
   * @param advice one sentence for operators
   */
  record Stuck(String advice) implements Treatment {}

  /** What an operator is told to do, or that nobody has to; one sentence without a full stop. */
  default String advice(String schemaName) {
    return switch (this) {
      case Nothing() -> "nothing is to be done";
      case Do(RecoveryStep step, boolean afterBackup) ->
        "the next start does it by itself: " + step.words() + (afterBackup ? ", behind a backup" : "");
      case Waits(RecoveryStep step, List<Consent> missing) -> "holdfast store recover"
          + missing.stream().map(consent -> " " + consent.option(schemaName)).collect(Collectors.joining()) + "   # "
          + step.words();
      case Stuck(String advice) -> advice;
    };
  }
}
