package dev.holdfast.application.relay.publishing;

import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.InferenceRequest;
import dev.holdfast.domain.relay.ProviderAnswer;
import dev.holdfast.domain.relay.ProviderCalls;
import dev.holdfast.domain.relay.PublicProvider;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A model server that answers as a test wants. */
final class BackendInMemory implements ProviderCalls {
  final BlockingQueue<InferenceRequest> asked = new LinkedBlockingQueue<>();
  /** Calls that were ended by an interrupt or by closing their answer. */
  final AtomicInteger aborted = new AtomicInteger();
  private final BlockingQueue<Supplier<ProviderAnswer>> answers = new LinkedBlockingQueue<>();

  /** Pieces that come as a test gives them. */
  final class Pieces extends AnswerStream {
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private boolean over;

    Pieces say(String... data) {
      for (String one : data) {
        pieces.add(new Piece.Event(one));
      }
      return this;
    }

    Pieces end(Piece end) {
      pieces.add(end);
      return this;
    }

    @Override
    public Piece next(Duration atMost) throws InterruptedException {
      Piece piece = pieces.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
      over |= piece instanceof Piece.Ended || piece instanceof Piece.Broken
          || (piece instanceof Piece.Event(String data) && data.equals("[DONE]"));
      return piece == null ? SILENT : piece;
    }

    @Override
    public void close() {
      if (!over) {
        over = true;
        aborted.incrementAndGet();
      }
    }
  }

  Pieces stream() {
    var pieces = new Pieces();
    answer(new ProviderAnswer.Streamed(pieces));
    return pieces;
  }

  void answer(ProviderAnswer answer) {
    answers.add(() -> answer);
  }

  void breakNext() {
    answers.add(() -> {
      throw new IllegalStateException("a fault of the publisher");
    });
  }

  @Override
  public ProviderAnswer call(PublicProvider provider, InferenceRequest request) throws InterruptedException {
    // Its answer is its own before anybody sees that it was asked.
    Supplier<ProviderAnswer> answer = answers.poll();
    asked.add(request);
    try {
      return (answer == null ? answers.take() : answer).get();
    } catch (InterruptedException e) {
      aborted.incrementAndGet();
      throw e;
    }
  }
}
