package dev.holdfast.domain.turns;

import java.time.Duration;

/**
 * The constants of spec turns §13 that rules need.
 *
 * @param leaseTtl how long a grant or renewal lasts
 * @param claimMax inputs of one turn's start set
 * @param turnDeadline from the turn's creation
 * @param attemptsWithoutProgress lost attempts in a row that exhaust a turn
 */
public record TurnLimits(Duration leaseTtl, int claimMax, Duration turnDeadline, int attemptsWithoutProgress) {
  public static final TurnLimits DEFAULT =
      new TurnLimits(Duration.ofSeconds(30), 64, Duration.ofMinutes(30), 3);
}
