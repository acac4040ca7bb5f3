package dev.holdfast.domain.integrity.recovery;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.time.Duration;
import java.util.List;

/**
 * Looks at the store of a data directory, which a node may be working on. It is read only, and nothing is made or changed, not
 * even beside it.
 */
public interface StoreInspection {

  /** What is looked at, for people. */
  String location();

  /**
   * What there is beside the rows: the stores of the last run. All of them are missing where nothing was kept yet.
   *
   * @throws StoreException store_io when the disk fails
   */
  Survey survey();

  /**
   * Looks at the rows.
   *
   * @param deep whether everything is read that can be; else what a start would find out
   * @param atMost after so long the look ends with what it has seen
   */
  Condition look(boolean deep, Duration atMost);

  /** What there was to see. */
  sealed interface Condition {
    record Absent() implements Condition {}

    /**
     * @param how what was looked at, and what it holds, for people
     * @param journalEnd number of the last frame of the journal; Long.MAX_VALUE for a backend without one
     */
    record Sound(String how, long journalEnd) implements Condition {}

    /**
     * No damage in what was read within the time.
     *
     * @param how as of {@link Sound}
     */
    record Unfinished(String how) implements Condition {}

    /** It can't be judged from outside. */
    record Unclear(String why) implements Condition {}

    /** @param damages at least one, the first found first */
    record Damaged(List<Damage> damages) implements Condition {
      public Damaged {
        damages = List.copyOf(damages);
      }

      /** So much is wrong that the store doesn't open. */
      public static Damaged blocked(Reason reason, String what) {
        return new Damaged(List.of(new Damage(new Finding(reason, null, what), Impact.BLOCKED)));
      }
    }
  }

  /** @param impact degraded where all but what the finding names can be worked with */
  record Damage(Finding finding, Impact impact) {}
}
