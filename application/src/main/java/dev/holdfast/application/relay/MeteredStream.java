package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.AnswerStream;
import java.time.Duration;

/** A stream whose pieces are counted, and whose provider's place is given back when it is closed. */
final class MeteredStream extends AnswerStream {
  private final AnswerStream stream;
  private final Admissions.Place place;
  private final Meter meter;

  MeteredStream(AnswerStream stream, Admissions.Place place, Meter meter) {
    this.stream = stream;
    this.place = place;
    this.meter = meter;
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    Piece piece = stream.next(atMost);
    meter.take(piece);
    return piece;
  }

  @Override
  public void close() {
    try (place) {
      stream.close();
    } finally {
      meter.left();
    }
  }
}
