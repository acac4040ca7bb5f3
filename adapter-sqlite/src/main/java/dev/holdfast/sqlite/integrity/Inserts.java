package dev.holdfast.sqlite.integrity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of a table that only grows, gathered so that one statement writes many of them. */
final class Inserts {
  private static final int[] SIZES = {16, 4, 1};

  private final List<String> statements;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** @param columns of the table, with commas between them */
  Inserts(String table, String columns) {
    int count = columns.split(",", -1).length;
    String row = "(" + String.join(",", Collections.nCopies(count, "?")) + ")";
    statements = Arrays.stream(SIZES).mapToObj(size -> "INSERT INTO " + table + " (" + columns + ") VALUES "
        + String.join(",", Collections.nCopies(size, row))).toList();
  }

  void add(@Nullable Object... row) {
    rows.add(row);
  }

  void flush(Sql sql) {
    int from = 0;
    for (int i = 0; i < SIZES.length && from < rows.size(); i++) {
      for (; rows.size() - from >= SIZES[i]; from += SIZES[i]) {
        sql.run(statements.get(i), rows.subList(from, from + SIZES[i]).stream().flatMap(Stream::of).toArray());
      }
    }
    rows.clear();
  }

  /** What was gathered is not to be written. */
  void clear() {
    rows.clear();
  }
}
