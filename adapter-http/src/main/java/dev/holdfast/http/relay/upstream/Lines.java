package dev.holdfast.http.relay.upstream;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpConnectTimeoutException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** The connections to providers: those that are idle are used again, the one that was used last first. */
final class Lines implements AutoCloseable {
  /** Per origin and event loop; more are closed when their call has ended. */
  private static final int IDLE_AT_MOST = 128;
  private static final long IDLE_SECONDS = 30;
  private static final int MAX_LINE = 8 * 1024;
  /** Fronts of providers set large cookies. */
  private static final int MAX_HEADERS = 64 * 1024;
  private static final int MAX_CHUNK = 64 * 1024;
  private static final long LOOKS_EVERY_MS = 100;

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("upstream", true), NioIoHandler.newFactory());
  private final Duration connect;
  /** Calls whose answer hasn't begun, and when it should have, of the monotonic clock. */
  private final Map<UpstreamBody, Long> awaited = new ConcurrentHashMap<>();
  // Guarded by this.
  private final Map<Key, Deque<Idle>> idle = new HashMap<>();
  private boolean closed;

  /** Connections stay on their event loop, so that an answer goes to its caller without a change of threads. */
  private record Key(boolean secure, String host, int port, EventLoop loop) {}

  private record Idle(Line line, long since) {}

  Lines(Duration connect) {
    this.connect = connect;
    var _ = loops.next().scheduleAtFixedRate(this::tellLate, LOOKS_EVERY_MS, LOOKS_EVERY_MS, TimeUnit.MILLISECONDS);
    var _ = loops.next().scheduleAtFixedRate(this::sweep, IDLE_SECONDS, IDLE_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Sends a request. A connection that was idle may have been closed by the other side just then; what was sent over such a one
   * is sent again over a new one.
   *
   * @param near the event loop whose thread will take the answer, if it can carry the connection
   */
  Sent send(Target target, FullHttpRequest request, @Nullable EventLoop near, Duration patience)
      throws IOException, InterruptedException {
    EventLoop loop = near instanceof IoEventLoop io && io.isIoType(NioIoHandler.class) ? near : loops.next();
    var key = new Key(target.secure(), target.host(), target.port(), loop);
    Line kept = take(key);
    if (kept != null) {
      try {
        return sent(kept, request.retainedDuplicate(), patience);
      } catch (Line.ConnectionClosed e) {
        // On a new one, then.
      }
    }
    return sent(open(key), request.retainedDuplicate(), patience);
  }

  /** A call whose answer has begun. */
  record Sent(UpstreamBody.Head head, UpstreamBody body) {}

  private Sent sent(Line line, FullHttpRequest request, Duration patience) throws IOException, InterruptedException {
    UpstreamBody body = line.send(request);
    boolean begun = false;
    awaited.put(body, System.nanoTime() + patience.toNanos());
    try {
      var sent = new Sent(body.head(), body);
      begun = true;
      return sent;
    } finally {
      awaited.remove(body);
      if (!begun) {
        body.close();
      }
    }
  }

  private void tellLate() {
    long now = System.nanoTime();
    awaited.forEach((body, until) -> {
      if (now - until >= 0) {
        body.late();
      }
    });
  }

  private synchronized @Nullable Line take(Key key) {
    Deque<Idle> lines = idle.get(key);
    while (lines != null && !lines.isEmpty()) {
      Line line = lines.pop().line();
      if (line.channel().isActive()) {
        return line;
      }
    }
    return null;
  }

  private void keep(Key key, Line line) {
    synchronized (this) {
      Deque<Idle> lines = idle.computeIfAbsent(key, _ -> new ArrayDeque<>());
      if (!closed && lines.size() < IDLE_AT_MOST) {
        lines.push(new Idle(line, System.nanoTime()));
        return;
      }
    }
    var _ = line.channel().close();
  }

  private synchronized void forget(Key key, Line line) {
    Deque<Idle> lines = idle.get(key);
    if (lines != null && lines.removeIf(one -> one.line() == line) && lines.isEmpty()) {
      idle.remove(key);
    }
  }

  /** The oldest are at the end. */
  private void sweep() {
    long before = System.nanoTime() - TimeUnit.SECONDS.toNanos(IDLE_SECONDS);
    List<Line> old = new ArrayList<>();
    synchronized (this) {
      for (Deque<Idle> lines : idle.values()) {
        while (!lines.isEmpty() && lines.getLast().since() - before < 0) {
          old.add(lines.removeLast().line());
        }
      }
      idle.values().removeIf(Deque::isEmpty);
    }
    old.forEach(Line::close);
  }

  /** Tries one of the name's addresses after the other. */
  private Line open(Key key) throws IOException, InterruptedException {
    IOException last = new IOException("no address");
    for (InetAddress address : InetAddress.getAllByName(key.host())) {
      try {
        return open(key, new InetSocketAddress(address, key.port()));
      } catch (IOException e) {
        last = e;
      }
    }
    throw last;
  }

  private Line open(Key key, InetSocketAddress address) throws IOException, InterruptedException {
    var opened = new AtomicReference<@Nullable Line>();
    ChannelFuture connecting = new Bootstrap().group(key.loop()).channel(NioSocketChannel.class)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(connect.toMillis(), Integer.MAX_VALUE))
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) throws IOException {
            if (key.secure()) {
              channel.pipeline().addLast(tls(key));
            }
            var line = new Line(channel, free -> keep(key, free), gone -> forget(key, gone));
            opened.set(line);
            channel.pipeline().addLast(new HttpClientCodec(MAX_LINE, MAX_HEADERS, MAX_CHUNK)).addLast(line);
          }
        }).connect(address);
    boolean open = false;
    try {
      connecting.await();
      Throwable why = connecting.cause();
      if (why != null) {
        throw why instanceof ConnectTimeoutException
            ? new HttpConnectTimeoutException("no connection in time")
            : why instanceof IOException known ? known : new IOException(why);
      }
      open = true;
      // The pipeline of one that was closed at once is empty already.
      return Objects.requireNonNull(opened.get());
    } finally {
      if (!open) {
        var _ = connecting.cancel(false);
        var _ = connecting.channel().close();
      }
    }
  }

  /** The other side must be who it is called. */
  private static SslHandler tls(Key key) throws IOException {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine(key.host(), key.port());
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      engine.setSSLParameters(parameters);
      return new SslHandler(engine);
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    List<Line> all = new ArrayList<>();
    synchronized (this) {
      closed = true;
      idle.values().forEach(lines -> lines.forEach(one -> all.add(one.line())));
      idle.clear();
    }
    all.forEach(Line::close);
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
