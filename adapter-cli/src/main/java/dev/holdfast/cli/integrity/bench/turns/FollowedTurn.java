package dev.holdfast.cli.integrity.bench.turns;

import dev.holdfast.cli.integrity.bench.load.Histogram;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A turn, its executor and its reader. A delta is due every twentieth millisecond, whether the one before is durable or not;
 * the executor gathers for at most 25 ms, as the built-in one does (spec T-74).
 */
final class FollowedTurn {
  static final long EVERY_NANOS = 20_000_000;
  private static final long WINDOW_NANOS = 25_000_000;
  /** About a word or two. */
  private static final String TEXT = "some text ";
  private static final String DELTA = "output.delta";
  private static final String END = "output.end";

  private final TurnSteps steps;
  private final NextWork.Run work;
  private final URI node;
  private final String key;
  /** When the first delta is due. */
  private final long origin;

  private final Histogram durable = new Histogram();
  private final Histogram read = new Histogram();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile long from = Long.MAX_VALUE;
  private volatile long until = Long.MAX_VALUE;
  private volatile boolean stopped;

  // Each written by one of the two threads, and read when both have ended.
  private long lastAppended = TurnCycle.FIRST_DELTA - 1;
  private long lastRead = TurnCycle.FIRST_DELTA - 1;
  private long lost;
  private long doubled;
  private int ends;

  /** @param delayNanos before the first delta, so that not all turns tell theirs at once */
  FollowedTurn(TurnSteps steps, NextWork.Run work, URI node, String key, long delayNanos) {
    this.steps = steps;
    this.work = work;
    this.node = node;
    this.key = key;
    this.origin = System.nanoTime() + WINDOW_NANOS + delayNanos;
  }

  /** Only what is due between these times of the monotonic clock counts. */
  void measure(long began, long ends) {
    until = ends;
    from = began;
  }

  /** The turn ends behind what is durable by then. */
  void stop() {
    stopped = true;
  }

  private long due(long seq) {
    return origin + (seq - TurnCycle.FIRST_DELTA) * EVERY_NANOS;
  }

  private void count(Histogram to, long seq) {
    long due = due(seq);
    if (due - from >= 0 && due - until < 0) {
      to.record(System.nanoTime() - due);
    }
  }

  /** The executor's part. */
  void produce() {
    try {
      long lastAppend = System.nanoTime() - WINDOW_NANOS;
      while (!stopped) {
        long next = Math.max(due(lastAppended + 1), lastAppend + WINDOW_NANOS);
        long left = next - System.nanoTime();
        if (left > 0) {
          LockSupport.parkNanos(left);
          continue;
        }
        lastAppend = System.nanoTime();
        append(lastAppend);
      }
      steps.commit(work, lastAppended);
    } catch (RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  /** All that is due. */
  private void append(long now) {
    List<OutputPayload> gathered = new ArrayList<>();
    for (long seq = lastAppended + 1; due(seq) - now <= 0; seq++) {
      gathered.add(new OutputPayload.Delta(OutputPayload.Channel.TEXT, TEXT));
    }
    long last = steps.append(work, lastAppended + 1, gathered);
    while (lastAppended < last) {
      lastAppended++;
      count(durable, lastAppended);
    }
  }

  /** The reader's part, to the turn's end. */
  void follow() {
    try (var events = new EventReader(node, key, "/api/v1/turns/" + work.turn().id() + "/output")) {
      while (ends == 0) {
        EventReader.Frame frame = events.next();
        switch (frame.event()) {
          case DELTA -> delta(Long.parseLong(frame.id().substring(frame.id().indexOf('.') + 1)));
          case END -> ends++;
          default -> {
            if (!frame.event().equals("output.attempt_started")) {
              throw new IOException("an unexpected frame: " + frame);
            }
          }
        }
      }
    } catch (IOException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
  }

  private void delta(long seq) {
    if (seq <= lastRead) {
      doubled++;
      return;
    }
    lost += seq - lastRead - 1;
    lastRead = seq;
    count(read, seq);
  }

  void requireNoFailure() {
    Throwable found = failure.get();
    if (found != null) {
      throw new IllegalStateException("a followed turn failed: " + found.getMessage(), found);
    }
  }

  Histogram durable() {
    return durable;
  }

  Histogram read() {
    return read;
  }

  /** Deltas, and the end if it isn't there. */
  long lost() {
    return lost + lastAppended - lastRead + (ends == 0 ? 1 : 0);
  }

  long doubled() {
    return doubled;
  }
}
