package dev.holdfast.application.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.exports.Filling;
import dev.holdfast.domain.integrity.exports.Lines;
import dev.holdfast.domain.integrity.exports.Unfinished;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Copies a store that nobody writes into another one, and compares the two (spec I-85). Rows are read by the caller, made lines
 * of by a thread behind it, and written by one behind that.
 */
public final class StoreCopy {
  private static final int TOLD_EVERY = 10_000;
  /** Rows that are handed on at once, and how often: each may have a long text, so these are few. */
  private static final int PIECE = 32;
  private static final int PIECES_AHEAD = 4;
  /** Units that may wait to be written: none of them is large. */
  private static final int UNITS_AHEAD = 16;

  private static final ExportSum NOTHING = new ExportSum.Counting().sum();

  private StoreCopy() {}

  /** What is read doesn't begin with what the store that is to be filled holds. */
  private static final class OtherBeginning extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OtherBeginning() {
      super(null, null, false, false);
    }
  }

  /** Passes by the rows that are there. */
  private static final class GoingOn {
    private final Store to;
    private final Filling.Units units;
    private long before;
    private boolean isBehind;

    GoingOn(Store to, long begun, Filling.Units units) {
      this.to = to;
      this.before = begun;
      this.units = units;
      this.isBehind = begun == 0;
    }

    void take(Change row, int bytes) {
      if (before > 0) {
        before--;
      } else if (!isThere(row)) {
        isBehind = true;
        units.add(row, bytes);
      }
    }

    private boolean isThere(Change row) {
      return !isBehind && switch (to.read(state -> Unfinished.found(state, row))) {
        case ABSENT -> false;
        case THERE -> true;
        case OTHER -> throw new OtherBeginning();
      };
    }
  }

  /**
   * Fills a store that is empty, or holds the first rows of what is read, as an earlier filling that was stopped has left them.
   *
   * @param begun what the store holds, as {@link #sum} tells it
   * @param counted now and then, how many records were read
   * @return what was read; empty where the store holds anything else, and nothing was written then
   * @throws StoreException when one can't be read or written; what was written is still a beginning
   */
  public static Optional<ExportSum> fill(Store from, Store to, ExportSum begun, LongConsumer counted) {
    if (begun.records() == 0) {
      Filling.requireEmpty(to);
    }
    from.read(Export::requireDense);
    try (var writing = new Stage("store-copy", UNITS_AHEAD)) {
      var units = Filling.Units.of(to, unit -> writing.add(() -> Filling.write(to, unit)));
      var rows = new GoingOn(to, begun.records(), units);
      ExportSum read = sum(from, new Lines(rows::take, (_, _) -> {
      }), begun, counted);
      units.end();
      writing.end();
      return Optional.of(read);
    } catch (OtherBeginning e) {
      return Optional.empty();
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
   * @param to takes the lines in their order, some at a time, on another thread than the caller's
   * @param counted now and then, how many rows were read
   */
  public static ExportSum sum(Store store, Lines.Taker to, LongConsumer counted) {
    return sum(store, new Lines((_, _) -> {
    }, to), NOTHING, counted);
  }

  private static ExportSum sum(Store store, Lines lines, ExportSum begun, LongConsumer counted) {
    try (var encoding = new Stage("store-lines", PIECES_AHEAD)) {
      store.read(state -> {
        var reading = new Reading(lines, begun, encoding, counted);
        Export.each(state, reading::row);
        reading.end();
        return true;
      });
      encoding.end();
      return lines.sum();
    }
  }

  /** Hands rows on, some at a time; those that were there before are looked at when they are all read. */
  private static final class Reading {
    private final Lines lines;
    private final ExportSum begun;
    private final Stage encoding;
    private final LongConsumer counted;
    private List<Change> piece = new ArrayList<>(PIECE);
    private long count;

    Reading(Lines lines, ExportSum begun, Stage encoding, LongConsumer counted) {
      this.lines = lines;
      this.begun = begun;
      this.encoding = encoding;
      this.counted = counted;
    }

    void row(Change row) {
      piece.add(row);
      count++;
      if (count == begun.records()) {
        handOn();
        encoding.add(this::requireBegun);
      } else if (piece.size() == PIECE) {
        handOn();
      }
      if (count % TOLD_EVERY == 0) {
        counted.accept(count);
      }
    }

    private void requireBegun() {
      if (!lines.soFar().equals(begun)) {
        throw new OtherBeginning();
      }
    }

    private void handOn() {
      List<Change> read = piece;
      piece = new ArrayList<>(PIECE);
      encoding.add(() -> lines.add(read));
    }

    void end() {
      handOn();
      if (count < begun.records()) {
        throw new OtherBeginning();
      }
    }
  }
}
