package dev.holdfast.domain.integrity.fold;

import dev.holdfast.domain.Change;
import dev.holdfast.domain.integrity.fold.RowKey.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The rows of a table that belong to one owner each, numbered from 1 in the order in which they came.
 *
 * @param <T> what is read from the change of a row
 */
final class Series<T> {
  private final Archive archive;
  private final Table table;
  private final Function<Change, T> row;
  /** How many rows those owners have who got some lately; of others it is found out. */
  private final Map<Long, Long> lengths = new HashMap<>();
  /** The number of the last row that may not be there, of owners whose first rows were pruned. */
  private final Map<Long, Long> skipped = new HashMap<>();

  Series(Archive archive, Table table, Function<Change, T> row) {
    this.archive = archive;
    this.table = table;
    this.row = row;
  }

  void add(long owner, Change change) {
    long length = length(owner) + 1;
    archive.keep(RowKey.of(table, owner, length), change);
    lengths.put(owner, length);
  }

  /** The rows up to that number are not asked for any more, and a new one comes behind them. */
  void skip(long owner, long upTo) {
    if (upTo > 0) {
      skipped.put(owner, upTo);
      lengths.computeIfPresent(owner, (_, length) -> Math.max(length, upTo));
    }
  }

  /** No more rows are expected of that owner. */
  void finish(long owner) {
    lengths.remove(owner);
  }

  Image.Lengths lengths() {
    List<Long> numbers = new ArrayList<>(2 * lengths.size());
    lengths.forEach((owner, length) -> {
      numbers.add(owner);
      numbers.add(length);
    });
    return new Image.Lengths(table.code(), numbers);
  }

  /** Takes those of its table, as another series of the same rows had them. */
  void restore(List<Image.Lengths> all) {
    for (Image.Lengths found : all) {
      if (found.table() == table.code()) {
        for (int i = 0; i < found.numbers().size(); i += 2) {
          lengths.put(found.numbers().get(i), found.numbers().get(i + 1));
        }
      }
    }
  }

  long length(long owner) {
    Long known = lengths.get(owner);
    return known == null ? firstAbsent(owner) - 1 : known;
  }

  /** By steps that double, and then by halves, so that it costs the logarithm of the answer. */
  private long firstAbsent(long owner) {
    long present = skipped.getOrDefault(owner, 0L);
    long step = 1;
    long absent = present + step;
    while (archive.find(RowKey.of(table, owner, absent)) != null) {
      present = absent;
      step *= 2;
      absent += step;
    }
    while (absent - present > 1) {
      long middle = (present + absent) >>> 1;
      if (archive.find(RowKey.of(table, owner, middle)) != null) {
        present = middle;
      } else {
        absent = middle;
      }
    }
    return absent;
  }

  private T at(long owner, long number) {
    return row.apply(Objects.requireNonNull(archive.find(RowKey.of(table, owner, number)), table::name));
  }

  /** @param from the number of the first row, at least 1 */
  List<T> page(long owner, long from, int limit) {
    long length = length(owner);
    long end = from > length ? 0 : Math.min(length, from - 1 + Math.max(limit, 0));
    List<T> page = new ArrayList<>();
    for (long number = from; number <= end; number++) {
      page.add(at(owner, number));
    }
    return page;
  }

  List<T> all(long owner) {
    return page(owner, 1, Integer.MAX_VALUE);
  }

  /**
   * The number of the first row that isn't before; one more than there are when there is none.
   *
   * @param before holds for the first rows, and for none behind them
   */
  long first(long owner, Predicate<T> before) {
    long low = 1;
    long high = length(owner) + 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (before.test(at(owner, middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
