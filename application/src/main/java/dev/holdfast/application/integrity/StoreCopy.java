package dev.holdfast.application.integrity;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.exports.Export;
import dev.holdfast.domain.integrity.exports.ExportSum;
import dev.holdfast.domain.integrity.exports.Filling;
import dev.holdfast.domain.integrity.exports.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Copies a store that nobody writes into an empty one, and compares the two (spec I-85). Rows are read by the caller, made lines
 * of by a thread behind it, and written by one behind that.
 */
public final class StoreCopy {
  private static final int TOLD_EVERY = 10_000;
  /** Rows that are handed on at once, and how often: each may have a long text, so these are few. */
  private static final int PIECE = 32;
  private static final int PIECES_AHEAD = 4;
  /** Units that may wait to be written: none of them is large. */
  private static final int UNITS_AHEAD = 16;

  private StoreCopy() {}

  /**
   * Fills an empty store.
   *
   * @param counted now and then, how many records were read
   * @return what was read
   * @throws StoreException when one can't be read or written; the copy is of no use then
   */
  public static ExportSum fill(Store from, Store to, LongConsumer counted) {
    Filling.requireEmpty(to);
    from.read(Export::requireDense);
    try (var writing = new Stage("store-copy", UNITS_AHEAD)) {
      var units = Filling.Units.of(to, unit -> writing.add(() -> Filling.write(to, unit)));
      ExportSum read = sum(from, new Lines(units::add, (_, _) -> {
      }), counted);
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
   * @param to takes the lines in their order, some at a time, on another thread than the caller's
   * @param counted now and then, how many rows were read
   */
  public static ExportSum sum(Store store, Lines.Taker to, LongConsumer counted) {
    return sum(store, new Lines((_, _) -> {
    }, to), counted);
  }

  private static ExportSum sum(Store store, Lines lines, LongConsumer counted) {
    try (var encoding = new Stage("store-lines", PIECES_AHEAD)) {
      store.read(state -> {
        var reading = new Reading(lines, encoding, counted);
        Export.each(state, reading::row);
        reading.end();
        return true;
      });
      encoding.end();
      return lines.sum();
    }
  }

  /** Hands rows on, some at a time. */
  private static final class Reading {
    private final Lines lines;
    private final Stage encoding;
    private final LongConsumer counted;
    private List<Change> piece = new ArrayList<>(PIECE);
    private long count;

    Reading(Lines lines, Stage encoding, LongConsumer counted) {
      this.lines = lines;
      this.encoding = encoding;
      this.counted = counted;
    }

    void row(Change row) {
      piece.add(row);
      if (piece.size() == PIECE) {
        end();
      }
      if (++count % TOLD_EVERY == 0) {
        counted.accept(count);
      }
    }

    void end() {
      List<Change> read = piece;
      piece = new ArrayList<>(PIECE);
      encoding.add(() -> lines.add(read));
    }
  }
}
