package dev.holdfast.application.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.exports.Filling;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/** Copies a store that nobody writes into an empty one, and compares the two (spec I-85). */
public final class StoreCopy {
  /** Units that may wait to be written: none of them is large. */
  private static final int AHEAD = 16;
  private static final int TOLD_EVERY = 10_000;

  private StoreCopy() {}

  /**
   * Fills an empty store. Reads on the caller's thread and writes beside it.
   *
   * @param counted now and then, how many records were read
   * @return what was read
   * @throws StoreException when one can't be read or written; the copy is of no use then
   */
  public static ExportSum fill(Store from, Store to, LongConsumer counted) {
    Filling.requireEmpty(to);
    // A platform thread: calls into SQLite hold their carrier.
    try (ExecutorService writer =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("store-copy").factory())) {
      var writing = new Writing(to, writer);
      var units = new Filling.Units(writing::write);
      ExportSum read = sum(from, units::add, counted);
      units.end();
      writing.end();
      return read;
    }
  }

  /**
   * Requires that a store holds exactly that.
   *
   * @throws StoreException store_corrupt when it doesn't
   */
  public static void compare(Store copy, ExportSum expected, LongConsumer counted) {
    ExportSum written = sum(copy, (_, _) -> {
    }, counted);
    if (!written.equals(expected)) {
      throw StoreException.unusable(Reason.STORE_CORRUPT, "the copy holds " + written.records() + " records with "
          + written.digest() + ", and what was read " + expected.records() + " with " + expected.digest());
    }
  }

  /**
   * Goes through all rows of a store.
   *
   * @param to takes each row with its line
   * @param counted now and then, how many there were
   */
  public static ExportSum sum(Store store, BiConsumer<Change, String> to, LongConsumer counted) {
    var sum = new ExportSum.Counting();
    return store.read(state -> {
      Export.each(state, row -> {
        String line = Export.line(row);
        sum.add(line);
        to.accept(row, line);
        if (sum.records() % TOLD_EVERY == 0) {
          counted.accept(sum.records());
        }
      });
      return sum.sum();
    });
  }

  /** The units under way, which are written in their order. */
  private static final class Writing {
    private final Store to;
    private final ExecutorService writer;
    private final Deque<Future<?>> underWay = new ArrayDeque<>();
    private volatile boolean failed;

    Writing(Store to, ExecutorService writer) {
      this.to = to;
      this.writer = writer;
    }

    void write(List<Change> unit) {
      if (underWay.size() >= AHEAD) {
        await(underWay.remove());
      }
      underWay.add(writer.submit(() -> {
        // Behind a unit that is missing none may follow.
        if (failed) {
          return;
        }
        failed = true;
        Filling.write(to, unit);
        failed = false;
      }));
    }

    void end() {
      while (!underWay.isEmpty()) {
        await(underWay.remove());
      }
    }

    private static void await(Future<?> unit) {
      try {
        unit.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof StoreException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw StoreException.unknown("the copy was interrupted", e);
      }
    }
  }
}
