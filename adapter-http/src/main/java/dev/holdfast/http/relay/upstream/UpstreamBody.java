package dev.holdfast.http.relay.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A provider's answer as it comes in over its connection: the event loop puts it in, whoever called takes it out. When much of it
 * waits to be taken no more is read, so a caller that stops reading stops the provider.
 */
final class UpstreamBody extends Incoming {
  /** Of bytes that wait to be taken. */
  private static final int MUCH = 64 * 1024;
  private static final long END_WITHIN_MS = 500;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** How an answer begins. */
  record Head(int status, String contentType) {}

  private final Channel channel;
  // All guarded by this.
  private final Queue<ByteBuffer> pieces = new ArrayDeque<>();
  private @Nullable Head head;
  private @Nullable Throwable broken;
  private @Nullable Predicate<ByteBuffer> direct;
  private int waiting;
  private boolean paused;
  private boolean roused;
  /** There is something that whoever waits hasn't been told. */
  private boolean news;
  private boolean ended;
  private boolean late;

  UpstreamBody(Channel channel) {
    this.channel = channel;
  }

  synchronized void begun(Head given) {
    head = given;
    news = true;
  }

  /** What came together is told together, so that whoever waits is woken once; and not at all where it went straight on. */
  synchronized void cameTogether() {
    if (news) {
      news = false;
      notifyAll();
    }
  }

  /** More came, on the event loop. It goes straight on where somebody waits who takes it there. */
  synchronized void came(ByteBuf bytes) {
    if (ended || !bytes.isReadable()) {
      return;
    }
    byte[] copy = new byte[bytes.readableBytes()];
    bytes.readBytes(copy);
    ByteBuffer piece = ByteBuffer.wrap(copy);
    if (direct != null && pieces.isEmpty() && !roused) {
      roused = !direct.test(piece);
      news |= roused;
      return;
    }
    news = true;
    pieces.add(piece);
    waiting += copy.length;
    if (waiting > MUCH && !paused) {
      paused = true;
      channel.config().setAutoRead(false);
    }
  }

  /** That was all. From here on the connection is another's. Whoever waits is told by {@link #cameTogether}. */
  synchronized void ended() {
    ended = true;
    news = true;
  }

  synchronized void broke(Throwable why) {
    if (!ended) {
      broken = why;
      ended = true;
      notifyAll();
    }
  }

  /**
   * Waits for the answer's beginning, until it is {@link #late}: a timer for each call costs more than all else that is done for it
   * while it waits.
   *
   * @throws HttpTimeoutException when it was late
   * @throws Line.ConnectionClosed when the connection was closed so soon that it can be tried on another
   */
  synchronized Head head() throws IOException, InterruptedException {
    while (head == null && !ended && !late) {
      wait();
    }
    if (head != null) {
      return head;
    }
    if (broken instanceof Line.ConnectionClosed closed) {
      throw closed;
    }
    throw ended
        ? new IOException("the connection ended before an answer", broken)
        : new HttpTimeoutException("nothing came");
  }

  /** It should have begun by now. */
  synchronized void late() {
    late = true;
    notifyAll();
  }

  /** @return at least one */
  private static long millis(long until) throws HttpTimeoutException {
    long left = until - System.nanoTime();
    if (left <= 0) {
      throw new HttpTimeoutException("nothing came");
    }
    return left / 1_000_000 + 1;
  }

  @Override
  public @Nullable ByteBuffer next(Duration atMost) throws IOException, InterruptedException {
    return next(atMost, null);
  }

  /**
   * As {@link #next(Duration)}; and bytes that come during the wait are given away where they come, on the event loop.
   *
   * @param taker takes all the bytes; it answers whether the wait goes on
   * @return also no bytes at all, when the taker ended the wait
   */
  synchronized @Nullable ByteBuffer next(Duration atMost, @Nullable Predicate<ByteBuffer> taker)
      throws IOException, InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    direct = taker;
    boolean given;
    try {
      while (pieces.isEmpty() && !ended && !roused) {
        wait(millis(until));
      }
    } finally {
      given = roused;
      direct = null;
      roused = false;
    }
    ByteBuffer piece = pieces.poll();
    if (piece != null) {
      took(piece);
      return piece;
    }
    // What the taker was given came before the end, however soon that followed.
    if (given) {
      return NOTHING;
    }
    if (broken != null) {
      throw new IOException("the connection broke", broken);
    }
    return ended ? null : NOTHING;
  }

  private void took(ByteBuffer piece) {
    waiting -= piece.remaining();
    if (paused && waiting <= MUCH / 2 && !ended) {
      paused = false;
      channel.config().setAutoRead(true);
    }
  }

  /** What was wanted of the answer has come; where its end follows soon the connection is used again. */
  synchronized void leave() {
    if (!ended) {
      broken = new IOException("it was left");
      direct = _ -> true;
      pieces.clear();
      channel.config().setAutoRead(true);
      var _ = channel.eventLoop().schedule(this::close, END_WITHIN_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Closes the connection unless the answer came to its end. */
  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      var _ = channel.close();
      notifyAll();
    }
    pieces.clear();
  }
}
