package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.AnswerStream;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/** The chunks that a publisher posts, as its provider's answer. */
final class PublisherStream extends AnswerStream {
  private final Attempting attempting;
  private final String publisher;
  private final BiConsumer<Attempting, String> left;

  PublisherStream(Attempting attempting, String publisher, BiConsumer<Attempting, String> left) {
    this.attempting = attempting;
    this.publisher = publisher;
    this.left = left;
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    return attempting.next(atMost, _ -> false);
  }

  @Override
  public Piece next(Duration atMost, Predicate<String> taker) throws InterruptedException {
    return attempting.next(atMost, taker);
  }

  @Override
  public void close() {
    left.accept(attempting, publisher);
  }
}
