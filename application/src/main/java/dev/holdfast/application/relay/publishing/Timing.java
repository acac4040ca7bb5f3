package dev.holdfast.application.relay.publishing;

import java.time.Duration;

/**
 * How long a publisher waits for what (spec relay §12).
 *
 * @param firstPause before the first new try to reach the node; the next ones are twice as long each
 * @param longestPause between two tries
 * @param batch how long chunks are gathered before a post
 * @param stay after how much silence of a model the node is told that there is more to come
 * @param retry before a post that found no node is made again
 */
public record Timing(Duration firstPause, Duration longestPause, Duration batch, Duration stay, Duration retry) {
  public static final Timing USUAL = new Timing(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMillis(25),
      Duration.ofSeconds(10), Duration.ofMillis(300));

  /**
   * The pause before a try, without its jitter.
   *
   * @param tries that failed before, from 0
   */
  Duration pause(int tries) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(tries, 10));
    return pause.compareTo(longestPause) > 0 ? longestPause : pause;
  }
}
