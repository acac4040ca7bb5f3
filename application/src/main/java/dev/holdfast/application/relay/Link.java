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

  private final String id;
  private final String publisher;
  private final String key;
  // Guarded by this.
  private final Queue<LinkFrame> unread = new ArrayDeque<>();
  private boolean closed;

  Link(String id, String publisher, String key) {
    this.id = id;
    this.publisher = publisher;
    this.key = key;
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

  /** @return whether the publisher may still read it */
  synchronized boolean push(LinkFrame frame) {
    if (closed) {
      return false;
    }
    if (unread.size() >= MAX_UNREAD) {
      close(LinkFrame.Why.SLOW_READER);
      return false;
    }
    unread.add(frame);
    notifyAll();
    return true;
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
