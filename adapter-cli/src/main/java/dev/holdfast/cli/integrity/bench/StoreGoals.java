package dev.holdfast.cli.integrity.bench;

import java.util.List;

/** What is wanted of appends: of either store against what the disk can do, and of one against the other. */
final class StoreGoals {
  private static final String DISK = "fsync-1";
  private static final String ENGINE = "sqlite-1";

  private StoreGoals() {}

  /** Of a run in which every sync was made slower. */
  static void delayed(List<Goal> goals, Results results) {
    String sqlite = family(results, true);
    Goal.ratio(goals, results, "P1b", "append at 64 clients / raw SQLite, one each", sqlite + "-64", ENGINE, 20);
    Goal.ratio(goals, results, "P1b", "append at 256 clients / raw SQLite, one each", sqlite + "-256", ENGINE, 40);
  }

  static void of(List<Goal> goals, Results results) {
    String sqlite = family(results, true);
    String files = family(results, false);
    Goal.ratio(goals, results, "P1", "append at 64 clients / raw fdatasync", sqlite + "-64", DISK, 2.5);
    Goal.ratio(goals, results, "P1", "append at 64 clients / raw SQLite, one each", sqlite + "-64", ENGINE, 6);
    Goal.ratio(goals, results, "P1a", "append at 1 client / raw fdatasync", sqlite + "-1", DISK, 0.45);
    Goal.ratio(goals, results, "P2", "append to files at 1 client / raw fdatasync", files + "-1", DISK, 0.6);
    Goal.ratio(goals, results, "P2", "append to files at 64 clients / raw fdatasync", files + "-64", DISK, 12);
    for (Results.Result result : results.all()) {
      int clients = result.subject().clients();
      if (result.subject().key().equals(files + "-" + clients)) {
        Goal.ratio(goals, results, "P2", "append at " + clients + ", files / SQLite", files + "-" + clients,
            sqlite + "-" + clients, 1);
      }
    }
  }

  /** Of a node with so many events, and ten workers for each that the other scenarios have. */
  static void starts(List<Goal> goals, Results results) {
    limit(goals, results, Results.Figure.START_STOPPED_S, "start after a stop with all events, in s", 2);
    limit(goals, results, Results.Figure.START_KILLED_S, "start after a kill with all events, in s", 5);
    limit(goals, results, Results.Figure.START_HEAP_MIB, "heap in use after such a start, in MiB", 256);
    limit(goals, results, Results.Figure.GROWING_P99_MS, "append p99 while they came, images included, in ms", 50);
  }

  private static void limit(List<Goal> goals, Results results, Results.Figure figure, String says, double most) {
    results.figure(figure).ifPresent(value -> goals.add(new Goal("P13", says, value, most, false)));
  }

  /** Which scenarios are of which store depends on which one the run was asked for. */
  private static String family(Results results, boolean sqlite) {
    boolean besideSqlite =
        results.all().stream().anyMatch(result -> result.subject().key().startsWith(Subjects.APPEND_SQLITE));
    if (sqlite) {
      return besideSqlite ? Subjects.APPEND_SQLITE : Subjects.APPEND;
    }
    return besideSqlite ? Subjects.APPEND : Subjects.APPEND_FILES;
  }
}
