package dev.holdfast.application.turns;

import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.OutputPayload;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Appends an attempt's output. The first delta after a pause goes to disk at once; those that follow within the window go
 * together (spec T-74). What is gathered is bounded: when the disk is slower than the model, the model waits.
 */
final class OutputWriter implements AutoCloseable {
  private static final int MAX_GATHERED_CHARS = 64 * 1024;
  private static final int MAX_GATHERED_RECORDS = 256;

  private final UnitsOfWork units;
  private final InstantSource clock;
  private final NextWork.Run work;
  private final Duration window;
  private final Thread pump;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<OutputPayload> gathered = new ArrayList<>();
  private int gatheredChars;
  private boolean appending;
  private boolean closed;
  private long lastSeq;
  private @Nullable RuntimeException failure;

  /** @param lastSeq of the attempt's newest record; what is added comes behind it */
  OutputWriter(UnitsOfWork units, InstantSource clock, NextWork.Run work, Duration window, long lastSeq) {
    this.units = units;
    this.clock = clock;
    this.work = work;
    this.window = window;
    this.lastSeq = lastSeq;
    this.pump = Thread.ofVirtual().name("output-" + work.turn().id()).start(this::run);
  }

  /** @throws AttemptLostException when the session is no longer held */
  void add(OutputPayload payload, int chars) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure == null && (gatheredChars >= MAX_GATHERED_CHARS || gathered.size() >= MAX_GATHERED_RECORDS)) {
        changed.await();
      }
      throwFailure();
      gathered.add(payload);
      gatheredChars += chars;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything added is durable, and answers the number of the newest record. */
  long flush() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (failure == null && (appending || !gathered.isEmpty())) {
        changed.await();
      }
      throwFailure();
      return lastSeq;
    } finally {
      lock.unlock();
    }
  }

  private void throwFailure() {
    if (failure != null) {
      throw failure;
    }
  }

  /** Ends the pump behind what was added so far. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        pump.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      long lastAppend = System.nanoTime() - window.toNanos();
      for (List<OutputPayload> batch = next(lastAppend); !batch.isEmpty(); batch = next(lastAppend)) {
        lastAppend = System.nanoTime();
        append(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      fail(e);
    } catch (Error e) {
      // Whoever waits for the pump must hear of its end, whatever ended it.
      fail(new IllegalStateException("the output can't be written", e));
      throw e;
    }
  }

  /** Everything gathered, once there is some and the window since the last append is over; empty at the end. */
  private List<OutputPayload> next(long lastAppend) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      appending = false;
      changed.signalAll();
      while (gathered.isEmpty() && !closed) {
        changed.await();
      }
      long left = window.toNanos() - (System.nanoTime() - lastAppend);
      while (left > 0 && !closed && gatheredChars < MAX_GATHERED_CHARS && gathered.size() < MAX_GATHERED_RECORDS) {
        left = changed.awaitNanos(left);
      }
      List<OutputPayload> batch = gathered;
      gathered = new ArrayList<>();
      gatheredChars = 0;
      appending = !batch.isEmpty();
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void append(List<OutputPayload> batch) {
    Outcome<AppendRules.Appended> outcome =
        units.write(state -> AppendRules.append(state, work.lease().fence(), work.turn().id(),
            work.turn().lastAttempt().number(), lastSeq + 1, batch, clock.instant()));
    lastSeq = switch (outcome) {
      case Outcome.Done<AppendRules.Appended>(AppendRules.Appended appended) -> appended.lastSeq();
      case Outcome.Replayed<AppendRules.Appended>(AppendRules.Appended appended) -> appended.lastSeq();
      case Outcome.Refused<AppendRules.Appended> refused -> throw new AttemptLostException(refused.reason());
    };
  }

  private void fail(RuntimeException cause) {
    lock.lock();
    try {
      failure = cause;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
