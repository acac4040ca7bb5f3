package dev.holdfast.application.relay.providers;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Predicate;

/** A stream that is cut when its time is over, whatever it says. */
final class DeadlineStream extends AnswerStream {
  private static final Piece LATE =
      new Piece.Broken(Reason.TASK_DEADLINE_EXCEEDED, Reason.TASK_DEADLINE_EXCEEDED.title());

  private final AnswerStream stream;
  private final Instant until;
  private final InstantSource clock;

  DeadlineStream(AnswerStream stream, Instant until, InstantSource clock) {
    this.stream = stream;
    this.until = until;
    this.clock = clock;
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    return next(atMost, _ -> false);
  }

  @Override
  public Piece next(Duration atMost, Predicate<String> taker) throws InterruptedException {
    Duration left = Duration.between(clock.instant(), until);
    return left.isPositive() ? stream.next(atMost.compareTo(left) < 0 ? atMost : left, taker) : LATE;
  }

  @Override
  public void close() {
    stream.close();
  }
}
