package dev.holdfast.http;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;

/** Tells a thread that works on a request when the caller has closed its connection. */
public final class Departure implements AutoCloseable {
  private final Channel channel;
  private final ChannelFutureListener listener;

  // Guarded by this.
  private boolean over;

  private Departure(Channel channel, Thread worker) {
    this.channel = channel;
    this.listener = _ -> interrupt(worker);
  }

  /** Until it is closed, the caller's leaving interrupts the thread that calls this. */
  public static Departure interrupts(HttpRequest<?> request) {
    Channel channel = channel(request);
    var departure = new Departure(channel, Thread.currentThread());
    channel.closeFuture().addListener(departure.listener);
    return departure;
  }

  /** The connection that a request came over. */
  public static Channel channel(HttpRequest<?> request) {
    return ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel();
  }

  private synchronized void interrupt(Thread worker) {
    if (!over) {
      worker.interrupt();
    }
  }

  @Override
  public void close() {
    channel.closeFuture().removeListener(listener);
    synchronized (this) {
      over = true;
    }
  }
}
