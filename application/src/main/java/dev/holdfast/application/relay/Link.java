package dev.holdfast.application.relay;

import dev.holdfast.domain.relay.publishers.LinkFrame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** A publisher's open link: the frames that it hasn't read yet. It ends with a bye, or by its reader. */
public final class Link {
  /** A publisher that leaves so many frames unread is too slow to be of use. */
  private static final int MAX_UNREAD = 1_024;
  /** Of characters, about: room for some of the largest requests that there may be. */
  private static final long MAX_UNREAD_SIZE = 64L << 20;
  /** About what a frame has beside a request. */
  private static final long FRAME = 256;

  private final String id;
  private final String publisher;
  private final String key;
  private final long number;
  // Guarded by this.
  private final Queue<LinkFrame> unread = new ArrayDeque<>();
  private long size;
  private boolean closed;

  /** @param number later links have higher ones */
  Link(String id, String publisher, String key, long number) {
    this.id = id;
    this.publisher = publisher;
    this.key = key;
    this.number = number;
  }

  public String id() {
    return id;
  }

  public String publisher() {
    return publisher;
  }

  /** The id of the key with which it was opened. */
  public String key() {
    return key;
  }

  /** Whether what was sent over that one was its own: over it, or over one that it has replaced. */
  boolean carried(Link over) {
    return over.publisher.equals(publisher) && over.number <= number;
  }

  /** @return whether the publisher may still read it */
  synchronized boolean push(LinkFrame frame) {
    if (closed) {
      return false;
    }
    long more = sizeOf(frame);
    if (unread.size() >= MAX_UNREAD || (size > 0 && size + more > MAX_UNREAD_SIZE)) {
      close(LinkFrame.Why.SLOW_READER);
      return false;
    }
    unread.add(frame);
    size += more;
    notifyAll();
    return true;
  }

  private static long sizeOf(LinkFrame frame) {
    return switch (frame) {
      case LinkFrame.Infer infer -> FRAME + infer.request().text().length();
      case LinkFrame.Hello _,LinkFrame.Wake _,LinkFrame.Cancel _,LinkFrame.Bye _ -> FRAME;
    };
  }

  /** Nobody reads it any more. */
  synchronized void end() {
    closed = true;
    notifyAll();
  }

  synchronized void close(LinkFrame.Why why) {
    if (!closed) {
      unread.add(new LinkFrame.Bye(why));
      closed = true;
      notifyAll();
    }
  }

  synchronized boolean isOpen() {
    return !closed;
  }

  /** What came since the last look; a bye is the last. */
  public synchronized List<LinkFrame> next() {
    List<LinkFrame> frames = new ArrayList<>(unread);
    unread.clear();
    size = 0;
    return frames;
  }

  /** Waits for a frame, or until the time is over. */
  public synchronized void await(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    for (long left = atMost.toMillis(); unread.isEmpty() && left > 0;) {
      wait(left);
      left = (until - System.nanoTime()) / 1_000_000;
    }
  }
}
