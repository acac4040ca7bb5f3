package dev.holdfast.fs.integrity.store;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantReadWriteLock.WriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of a store, written one at a time beside its groups. Without one nothing is lost but time at the next start, so a failure
 * waits for the next. All but what writes is for who holds the lock.
 */
final class Images {
  private static final Logger LOG = LoggerFactory.getLogger(Images.class);
  /** A stop leaves an image when a start would have to read more than this of the journal. */
  private static final int WORTH_AN_IMAGE = 1 << 18;

  private final Place place;
  private final WriteLock lock;
  private final Executor beside;
  private final Supplier<Fold> present;
  private final Condition over;
  private boolean underWay;

  /**
   * @param beside runs what is written beside the groups
   * @param present the fold that the store has now
   */
  Images(Place place, WriteLock lock, Executor beside, Supplier<Fold> present) {
    this.place = place;
    this.lock = lock;
    this.beside = beside;
    this.present = present;
    this.over = lock.newCondition();
  }

  void whenDue(Fold fold) {
    if (!underWay && 2 * fold.uncovered() >= place.settings().segment()) {
      Imaging begun = Imaging.begin(place, fold);
      underWay = true;
      beside.execute(() -> write(begun));
    }
  }

  /** At a stop. */
  void last(Fold fold) {
    if (fold.uncovered() >= WORTH_AN_IMAGE) {
      write(Imaging.begin(place, fold));
    }
  }

  void await() {
    while (underWay) {
      over.awaitUninterruptibly();
    }
  }

  private void write(Imaging begun) {
    Imaging.Written written = null;
    try {
      written = begun.write();
    } catch (IOException | RuntimeException e) {
      LOG.warn("an image of the store could not be written yet: {}", e.getMessage());
    } finally {
      lock.lock();
      try {
        underWay = false;
        over.signalAll();
        if (begun.isOf(present.get())) {
          end(begun, written);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private static void end(Imaging begun, Imaging.@Nullable Written written) {
    try {
      if (written == null) {
        begun.forget();
      } else {
        begun.end(written);
      }
    } catch (IOException e) {
      LOG.warn("old files of the index could not be removed: {}", e.getMessage());
    }
  }
}
