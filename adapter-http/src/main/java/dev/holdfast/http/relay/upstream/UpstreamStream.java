package dev.holdfast.http.relay.upstream;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.relay.AnswerStream;
import dev.holdfast.domain.relay.TrueEnd;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The events of a provider's answer as they come in. */
final class UpstreamStream extends AnswerStream {
  private final Upstream.Answer answer;
  private final SseReader events = new SseReader(SseReader.MAX_PIECE);
  /** Of the monotonic clock, when it last said something. */
  private long heard = System.nanoTime();
  private @Nullable Piece first;
  private @Nullable Piece over;
  private @Nullable IOException failed;

  UpstreamStream(Upstream.Answer answer) {
    this.answer = answer;
  }

  /** Waits for the first piece, for as long as there are signs of life; it is the first of {@link #next} as well. */
  Piece begin() throws InterruptedException {
    Piece piece = next(answer.idle());
    while (piece instanceof Piece.Silent) {
      piece = next(answer.idle());
    }
    first = piece;
    return piece;
  }

  @Override
  public Piece next(Duration atMost) throws InterruptedException {
    return next(atMost, _ -> false);
  }

  @Override
  public Piece next(Duration atMost, Predicate<String> taker) throws InterruptedException {
    Piece begun = first;
    if (begun != null) {
      first = null;
      return begun;
    }
    if (over != null) {
      return over;
    }
    try {
      over = comes(System.nanoTime() + atMost.toNanos(), taker);
    } catch (IOException e) {
      over = new Piece.Broken(Reason.UPSTREAM_CUT, "the provider's connection broke");
    }
    SseReader.Event event = over == null ? events.poll() : null;
    if (event == null) {
      return over == null ? SILENT : over;
    }
    if (event.data().equals(TrueEnd.DONE)) {
      over = ENDED;
    }
    return new Piece.Event(event.data());
  }

  /** Waits for an event until that time, and for as long as the provider may be silent; answers the end if there is none. */
  private @Nullable Piece comes(long until, Predicate<String> taker) throws IOException, InterruptedException {
    while (events.peek() == null) {
      long now = System.nanoTime();
      long silentAt = heard + answer.idle().toNanos();
      try {
        ByteBuffer bytes =
            answer.body().next(Duration.ofNanos(Math.max(0, Math.min(until, silentAt) - now)),
                came -> pass(came, taker));
        if (bytes == null) {
          return ENDED;
        }
        take(bytes);
      } catch (HttpTimeoutException e) {
        long then = System.nanoTime();
        if (then - heard >= answer.idle().toNanos()) {
          return new Piece.Broken(Reason.UPSTREAM_CUT, "the provider fell silent");
        }
        if (then - until >= 0) {
          return null;
        }
      }
    }
    return null;
  }

  private void take(ByteBuffer bytes) throws IOException {
    IOException before = failed;
    if (before != null) {
      throw before;
    }
    heard = System.nanoTime();
    events.take(bytes);
  }

  /** Gives events away where they come. What isn't taken, the end among it, is for whoever waits. */
  private boolean pass(ByteBuffer bytes, Predicate<String> taker) {
    try {
      take(bytes);
    } catch (IOException e) {
      failed = e;
      return false;
    }
    for (SseReader.Event event = events.peek(); event != null; event = events.peek()) {
      if (event.data().equals(TrueEnd.DONE) || !taker.test(event.data())) {
        return false;
      }
      var _ = events.poll();
    }
    return true;
  }

  @Override
  public void close() {
    if (over instanceof Piece.Ended) {
      answer.body().leave();
    } else {
      answer.close();
    }
  }
}
