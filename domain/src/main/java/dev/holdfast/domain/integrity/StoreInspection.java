package dev.holdfast.domain.integrity;

import java.time.Duration;

/**
 * Looks at the store of a data directory that no node holds. It is read only, and nothing is made or changed, not even beside
 * it.
 */
public interface StoreInspection {

  /** What is looked at, for people. */
  String location();

  /** @param atMost after so long the look ends with what it has seen */
  Condition look(Duration atMost);

  /** What there was to see. */
  sealed interface Condition {
    record Absent() implements Condition {}

    /** @param how what was looked at, and what it holds, for people */
    record Sound(String how) implements Condition {}

    /**
     * No damage in what was read within the time.
     *
     * @param how as of {@link Sound}
     */
    record Unfinished(String how) implements Condition {}

    /** It can't be judged from outside. */
    record Unclear(String why) implements Condition {}

    record Damaged(String what) implements Condition {}
  }
}
