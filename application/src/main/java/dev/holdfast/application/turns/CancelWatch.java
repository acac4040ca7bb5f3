package dev.holdfast.application.turns;

import dev.holdfast.application.events.NewsRoom;
import dev.holdfast.application.events.Signals;
import dev.holdfast.application.integrity.UnitsOfWork;
import dev.holdfast.domain.TurnId;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.turns.Turn;
import dev.holdfast.domain.turns.claims.NextWork;
import java.time.Duration;

/** While a turn runs, interrupts it when somebody asks to cancel it, by whatever way (spec T-82, inline). */
final class CancelWatch implements AutoCloseable {
  /** News can't be missed; the look is for a store that could not be read when they came. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final UnitsOfWork units;
  private final NextWork.Run work;
  private final Draining draining;
  private final Signals<TurnId>.Subscription news;
  private final Thread watch;
  private volatile boolean closed;

  CancelWatch(UnitsOfWork units, NewsRoom news, NextWork.Run work, Draining draining) {
    this.units = units;
    this.work = work;
    this.draining = draining;
    this.news = news.cancel(work.turn().id());
    this.watch = Thread.ofVirtual().name("cancel-" + work.turn().id()).start(this::run);
  }

  private void run() {
    try {
      while (!closed && !isAsked()) {
        news.await(LOOK_EVERY);
      }
      if (!closed) {
        draining.cancel(work.lease().fence());
      }
    } catch (InterruptedException e) {
      // The turn has ended.
      Thread.currentThread().interrupt();
    }
  }

  private boolean isAsked() {
    try {
      return units.read(state -> state.turn(work.turn().id()).filter(Turn::isCancelRequested).isPresent());
    } catch (StoreException e) {
      // The turn itself will come to know of it.
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
    news.close();
  }
}
