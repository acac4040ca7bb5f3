package dev.holdfast.sqlite.integrity.database;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rows of a table that only grows, gathered so that one statement writes many of them. */
public final class Inserts {
  private static final int[] SIZES = {16, 4, 1};

  private final List<String> statements;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** @param columns of the table, with commas between them */
  public Inserts(String table, String columns) {
    int count = columns.split(",", -1).length;
    String row = "(" + String.join(",", Collections.nCopies(count, "?")) + ")";
    statements = Arrays.stream(SIZES).mapToObj(size -> "INSERT INTO " + table + " (" + columns + ") VALUES "
        + String.join(",", Collections.nCopies(size, row))).toList();
  }

  public void add(@Nullable Object... row) {
    rows.add(row);
  }

  public void flush(Sql sql) {
    int from = 0;
    for (int i = 0; i < SIZES.length && from < rows.size(); i++) {
      for (; rows.size() - from >= SIZES[i]; from += SIZES[i]) {
        sql.run(statements.get(i), rows.subList(from, from + SIZES[i]).stream().flatMap(Stream::of).toArray());
      }
    }
    rows.clear();
  }

  /** What was gathered is not to be written. */
  public void clear() {
    rows.clear();
  }
}
