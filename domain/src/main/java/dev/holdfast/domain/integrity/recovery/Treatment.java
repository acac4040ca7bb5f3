package dev.holdfast.domain.integrity.recovery;

import java.util.List;

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
}
