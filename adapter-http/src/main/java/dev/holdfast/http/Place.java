package dev.holdfast.http;

import io.micronaut.http.HttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream's place among those that are open. It is held from the answer on, so that a burst of requests finds no room
 * that others were promised, and it is given back also when nobody comes to read the answer.
 */
final class Place implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Place.class);

  private final AtomicReference<State> state = new AtomicReference<>(State.KEPT);
  private final Supplier<? extends StreamSource> source;
  private final Runnable freed;
  private final Channel channel;
  /** Closing a source may wait for others, which the server's own threads never do. */
  private final ChannelFutureListener leaving = _ -> Thread.ofVirtual().name("abandoned stream").start(this::abandon);

  private enum State {
    KEPT,
    TAKEN,
    FREE
  }

  /** @param freed run once, when the place is given back */
  Place(HttpRequest<?> request, Supplier<? extends StreamSource> source, Runnable freed) {
    this.source = source;
    this.freed = freed;
    this.channel = Departure.channel(request);
  }

  /** Gives the place back should the connection close before the stream has begun. */
  void keep() {
    channel.closeFuture().addListener(leaving);
  }

  /** @return whether the stream may begin; it closes the place when it ends */
  boolean take() {
    return state.compareAndSet(State.KEPT, State.TAKEN);
  }

  StreamSource open() {
    return source.get();
  }

  /** What the source holds, such as a provider's answer, is let go by opening and closing it. */
  private void abandon() {
    if (state.compareAndSet(State.KEPT, State.FREE)) {
      try {
        source.get().close();
      } catch (RuntimeException e) {
        LOG.error("a stream that nobody reads could not be closed: {}", e.getClass().getSimpleName());
      } finally {
        freed.run();
      }
    }
  }

  @Override
  public void close() {
    if (state.compareAndSet(State.TAKEN, State.FREE)) {
      channel.closeFuture().removeListener(leaving);
      freed.run();
    }
  }
}
