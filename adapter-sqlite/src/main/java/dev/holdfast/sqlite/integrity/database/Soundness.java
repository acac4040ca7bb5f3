package dev.holdfast.sqlite.integrity.database;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What SQLite finds in the file, in words that hold no content; null where it finds nothing.
 *
 * @param pages damage of pages or rows
 * @param indexes an index that isn't what its table says, while the tables are sound
 * @param references a row that refers to none
 */
public record Soundness(@Nullable String pages, @Nullable String indexes, @Nullable String references) {
  public static final Soundness WHOLE = new Soundness(null, null, null);

  /** Of a file that doesn't even begin as a database. */
  public static final Soundness NO_DATABASE = new Soundness("it is not a database", null, null);

  private static final int MOST = 100;
  /** As the integrity check words it, at the end of its messages. */
  private static final Pattern OF_INDEX = Pattern.compile(
      "(?:row \\d+ missing from|row \\d+ values differ from|wrong # of entries in|non-unique entry in"
          + "|rowid not at end-of-record for row \\d+ of) index (\\w+)");

  /** What a start looks at: the tables, and who refers to whom. */
  public static Soundness quick(Sql sql) {
    return of(sql, "PRAGMA quick_check(" + MOST + ")");
  }

  /** The indexes too. */
  public static Soundness full(Sql sql) {
    return of(sql, "PRAGMA integrity_check(" + MOST + ")");
  }

  private static Soundness of(Sql sql, String check) {
    try {
      List<String> found = sql.all(check, row -> row.getString(1));
      if (found.stream().anyMatch(line -> !line.equals("ok") && !OF_INDEX.matcher(line).matches())) {
        return new Soundness("a page or a row of the database is not as it was written", null, null);
      }
      Optional<String> index = found.stream().map(OF_INDEX::matcher).filter(line -> line.matches())
          .map(line -> line.group(1)).findFirst();
      List<String> dangling = sql.all("PRAGMA foreign_key_check", row -> row.getString("table"));
      return new Soundness(null,
          index.map(name -> "the index " + name + " is not what its table says").orElse(null),
          dangling.isEmpty() ? null : "a row of " + dangling.getFirst() + " refers to none");
    } catch (SqlFailure e) {
      if (e.isCorruption()) {
        return e.isOfNoDatabase()
            ? NO_DATABASE
            : new Soundness("SQLite refuses the database with code " + e.code(), null, null);
      }
      throw e;
    }
  }

  public boolean isWhole() {
    return equals(WHOLE);
  }
}
