package dev.holdfast.application.turns;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.leases.LeaseRules;
import java.time.Duration;
import java.util.List;

/**
 * How the built-in executor works (spec turns §13).
 *
 * @param limits of leases and turns
 * @param renewEvery how often held leases are renewed; at most a third of the lease's time
 * @param scanEvery how often sessions are looked for whose trigger was lost
 * @param maxRunningTurns at once; sessions beyond wait in the order in which they came
 * @param outputWindow how long deltas are gathered before they are appended
 * @param retryPauses before each further try of a failed model call; as many tries as there are pauses
 */
public record ExecutorSettings(
    TurnLimits limits, Duration renewEvery, Duration scanEvery, int maxRunningTurns, Duration outputWindow,
    List<Duration> retryPauses) {

  public static final ExecutorSettings DEFAULT = new ExecutorSettings(TurnLimits.DEFAULT, Duration.ofSeconds(10),
      Duration.ofSeconds(5), 16, Duration.ofMillis(25), List.of(Duration.ofMillis(250), Duration.ofSeconds(1)));

  public ExecutorSettings {
    retryPauses = List.copyOf(retryPauses);
    if (LeaseRules.checkTiming(limits.leaseTtl(), renewEvery) instanceof Outcome.Refused<?> refused) {
      throw new IllegalArgumentException(refused.reason().title());
    }
  }
}
