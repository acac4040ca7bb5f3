package dev.holdfast.http;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream while it is being written: a virtual thread that reads a page, hands it on as the server asks for more, and
 * waits for news. Nothing is read ahead of what the server has taken, so a slow reader holds one page and no more.
 */
final class EventStream implements Subscription, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final String OPENING = ": open\n\nretry: 2000\n\n";
  private static final String ID = "id: ";
  private static final String PING = ": ping\n\n";
  private static final int MAX_CHUNK = 16 * 1024;
  /** How long the reader of a key that has ended is given to take the frame that tells it so (spec A-50). */
  private static final Duration LAST_WORD = Duration.ofMillis(500);

  private final Subscriber<? super byte[]> reader;
  private final Place place;
  private final String key;
  private final Streams streams;

  /** Of the last frame that the server took, which isn't always the last that the source gave. */
  private String lastId = "";
  /** Of the monotonic clock. */
  private volatile long lastSent;

  // Guarded by this.
  private long demand;
  private boolean gone;
  /** Of the monotonic clock, when the key was found ended; 0 before. */
  private long ended;
  private @Nullable Thread waiting;

  EventStream(Subscriber<? super byte[]> reader, Place place, String key, Streams streams) {
    this.reader = reader;
    this.place = place;
    this.key = key;
    this.streams = streams;
  }

  void start() {
    reader.onSubscribe(this);
    if (place.take()) {
      Thread.ofVirtual().name("stream").start(this);
    } else {
      reader.onComplete();
    }
  }

  /** The reader has left. */
  private static final class Gone extends Exception {
    private static final long serialVersionUID = 1L;

    Gone() {
      super(null, null, false, false);
    }
  }

  /** The reader is still there and takes nothing. */
  private static final class Slow extends Exception {
    private static final long serialVersionUID = 1L;

    Slow() {
      super(null, null, false, false);
    }
  }

  @Override
  public void run() {
    streams.began(this);
    try (place; StreamSource from = place.open()) {
      lastId = from.start();
      try {
        send(OPENING);
        tell(from);
      } catch (Slow e) {
        if (hasEnded()) {
          throw e;
        }
        // What the reader has not taken by now is given up; the id of its last frame is a valid cursor.
        streams.foundSlow();
        send(from.error(lastId, Reason.SLOW_READER), Streams.FAREWELL);
      }
      reader.onComplete();
    } catch (Gone e) {
      // Nobody is left to be told.
    } catch (Slow e) {
      reader.onError(new RefusalException(hasEnded() ? Reason.KEY_REVOKED : Reason.SLOW_READER));
    } catch (Throwable e) {
      // Also an Error: the reader would otherwise wait on a connection that nobody writes to.
      LOG.error("a stream failed: {}", e.getClass().getName());
      // The server logs what it is given, message and all, so it is given no more than a reason.
      reader.onError(new RefusalException(Reason.INTERNAL));
    } finally {
      streams.ended(this);
    }
  }

  private void tell(StreamSource from) throws Gone, Slow {
    try {
      lastSent = System.nanoTime();
      while (!from.isOver()) {
        Optional<Reason> why = streams.whyEnded(key);
        if (why.isPresent()) {
          end();
          send(from.error(lastId, why.get()));
          return;
        }
        boolean draining = streams.isDraining();
        List<String> frames = from.next();
        Duration left = streams.pingEvery().minusNanos(System.nanoTime() - lastSent);
        if (!frames.isEmpty()) {
          send(frames);
          lastSent = System.nanoTime();
        }
        if (draining) {
          sayBye(from);
          return;
        }
        if (!frames.isEmpty()) {
          continue;
        }
        if (left.isPositive()) {
          await(from, left);
        } else {
          send(PING);
          lastSent = System.nanoTime();
        }
      }
    } catch (StoreException e) {
      send(from.error(lastId, e.reason()));
    } catch (RefusalException e) {
      send(from.error(lastId, e.refusal().reason()));
    }
  }

  private void sayBye(StreamSource from) throws Gone, Slow {
    if (!from.isOver()) {
      send(from.bye(lastId));
    }
  }

  private void send(List<String> frames) throws Gone, Slow {
    var chunk = new StringBuilder();
    String id = lastId;
    for (String frame : frames) {
      if (chunk.length() + frame.length() > MAX_CHUNK && !chunk.isEmpty()) {
        send(chunk.toString());
        lastId = id;
        chunk.setLength(0);
      }
      chunk.append(frame);
      id = frame.startsWith(ID) ? frame.substring(ID.length(), frame.indexOf('\n')) : id;
    }
    send(chunk.toString());
    lastId = id;
  }

  private void send(String chunk) throws Gone, Slow {
    send(chunk, streams.slowAfter());
  }

  private void send(String chunk, Duration patience) throws Gone, Slow {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (this) {
      while (demand == 0 && !gone) {
        long until = ended == 0 ? deadline : Math.min(deadline, ended + LAST_WORD.toNanos());
        long left = (until - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          throw new Slow();
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          throw new Gone();
        }
      }
      requireReader();
      demand--;
    }
    reader.onNext(chunk.getBytes(StandardCharsets.UTF_8));
  }

  private void requireReader() throws Gone {
    if (gone) {
      throw new Gone();
    }
  }

  /** Only here is the thread interrupted when the reader leaves or the node drains: in the middle of a read that could harm the store. */
  private void await(StreamSource from, Duration atMost) throws Gone {
    synchronized (this) {
      requireReader();
      if (streams.isDraining() || ended != 0) {
        return;
      }
      waiting = Thread.currentThread();
    }
    try {
      from.await(atMost, this::pass);
    } catch (InterruptedException e) {
      // The reader has left, or the node drains.
    } finally {
      synchronized (this) {
        waiting = null;
        Thread.interrupted();
      }
    }
    synchronized (this) {
      requireReader();
    }
  }

  /** While nothing else goes out a frame may come from any thread; it must not wait for the reader. */
  private synchronized boolean pass(String frame) {
    if (waiting == null || demand == 0 || gone || ended != 0) {
      return false;
    }
    demand--;
    lastSent = System.nanoTime();
    reader.onNext(frame.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  @Override
  public synchronized void request(long more) {
    demand = more > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + more;
    notifyAll();
  }

  @Override
  public synchronized void cancel() {
    gone = true;
    wake();
    notifyAll();
  }

  boolean isOf(String other) {
    return key.equals(other);
  }

  /** The key can't be used any more: nothing follows but a last word, for a reader who takes it at once. */
  synchronized void end() {
    if (ended == 0) {
      ended = System.nanoTime();
    }
    wake();
    notifyAll();
  }

  private synchronized boolean hasEnded() {
    return ended != 0;
  }

  /** Ends the wait for news, so that the stream sees what has become of its reader and its node. */
  synchronized void wake() {
    if (waiting != null) {
      waiting.interrupt();
    }
  }
}
