package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.AnswerStream;
import java.time.Duration;
import java.util.function.Predicate;

/** A stream whose pieces are counted, and whose call is over when it is closed. */
final class MeteredStream extends AnswerStream {
  private final AnswerStream stream;
  private final Runnable over;
  private final Meter meter;

  MeteredStream(AnswerStream stream, Runnable over, Meter meter) {
    this.stream = stream;
    this.over = over;
    this.meter = meter;
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    Piece piece = stream.next(atMost);
    meter.take(piece);
    return piece;
  }

  @Override
  public Piece next(Duration atMost, Predicate<String> taker) throws InterruptedException {
    Piece piece = stream.next(atMost, data -> {
      boolean taken = taker.test(data);
      if (taken) {
        meter.take(data);
      }
      return taken;
    });
    meter.take(piece);
    return piece;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } finally {
      over.run();
      meter.left();
    }
  }
}
