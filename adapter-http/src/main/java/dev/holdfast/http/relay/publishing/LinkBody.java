package dev.holdfast.http.relay.publishing;

import dev.holdfast.http.relay.upstream.Incoming;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A node's answer as it comes in. The next piece is asked for when the one before was taken. */
final class LinkBody extends Incoming implements HttpResponse.BodySubscriber<LinkBody> {
  /** At most one piece is asked for at a time, and one end follows it. */
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(4);
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();
  private volatile boolean closed;

  /** What comes in, one behind the other. */
  private sealed interface Piece {
    record Bytes(ByteBuffer bytes) implements Piece {}

    record Broken(Throwable why) implements Piece {}

    record End() implements Piece {}
  }

  @Override
  public CompletionStage<LinkBody> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.set(given);
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    ByteBuffer together = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
    buffers.forEach(together::put);
    pieces.add(new Piece.Bytes(together.flip()));
  }

  @Override
  public void onError(Throwable failure) {
    pieces.add(new Piece.Broken(failure));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End());
  }

  @Override
  public @Nullable ByteBuffer next(Duration atMost) throws IOException, InterruptedException {
    while (true) {
      switch (pieces.poll(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        case null -> throw new HttpTimeoutException("nothing came");
        case Piece.Broken(Throwable why) -> throw new IOException("the connection broke", why);
        case Piece.End end -> {
          pieces.add(end);
          return null;
        }
        case Piece.Bytes(ByteBuffer bytes) -> {
          askForMore();
          if (bytes.hasRemaining()) {
            return bytes;
          }
        }
      }
    }
  }

  private void askForMore() {
    Flow.Subscription given = subscription.get();
    if (given != null) {
      given.request(1);
    }
  }

  /** Closes the connection unless the answer was read to its end. */
  @Override
  public void close() {
    closed = true;
    Flow.Subscription given = subscription.get();
    if (given != null) {
      given.cancel();
    }
    // What is cancelled says nothing more, and somebody may wait for the next piece.
    var _ = pieces.offer(new Piece.End());
  }
}
