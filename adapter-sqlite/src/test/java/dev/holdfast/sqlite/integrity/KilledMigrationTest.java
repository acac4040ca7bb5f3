package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Migrations;
import dev.holdfast.sqlite.integrity.database.Rows;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed by the kernel at one of its writes while it changes the schema. How many of the writes are tried is
 * told by the property {@code holdfast.kills}.
 */
@Timeout(600)
class KilledMigrationTest {
  private static final int KILLS = Integer.getInteger("holdfast.kills", 6);
  private static final List<String> CALLS = List.of("pwrite64", "fdatasync", "fsync", "ftruncate", "rename", "unlink");

  @TempDir
  private Path temp;

  /** Opens the database that it is told, which brings it up to date. */
  static final class Opening {
    private Opening() {}

    static void main(String[] arguments) {
      SqliteStore.open(Path.of(arguments[0]), OldDatabase.NOW).close();
    }
  }

  private Path old(String name) throws IOException {
    Path data = Files.createDirectory(temp.resolve(name));
    Files.createDirectory(data.resolve("backup"));
    OldDatabase.write(data.resolve("db"));
    return data;
  }

  /** Runs the opening under strace, which sees the calls on files of the directory alone. */
  private int traced(Path data, List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-qq", "-o", temp.resolve("calls").toString()));
    for (String file : List.of("db/holdfast.db", "db/holdfast.db-wal", "backup/migration-unfinished.tmp", "backup")) {
      command.addAll(List.of("-P", data.resolve(file).toString()));
    }
    command.addAll(options);
    command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
        System.getProperty("java.class.path"), Opening.class.getName(), data.resolve("db").toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(temp.resolve("said").toFile()).start()
        .waitFor();
  }

  private static boolean hasStrace() {
    try {
      return new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true").redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How often an opening makes each call. */
  private Map<String, Integer> calls() throws IOException, InterruptedException {
    assertEquals(0, traced(old("counted"), List.of("-e", "trace=" + String.join(",", CALLS))));
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : Files.readAllLines(temp.resolve("calls"))) {
      CALLS.stream().filter(call -> line.contains(" " + call + "("))
          .forEach(call -> counts.merge(call, 1, Integer::sum));
    }
    return counts;
  }

  @Test
  @DisplayName("I-A33 migration killed by the kernel at its writes: old or new version, backup present and openable")
  void killed() throws Exception {
    if (!hasStrace()) {
      System.err.println("NOT TRIED: no process can be killed at its writes here, as strace can't trace");
    }
    assumeTrue(hasStrace(), "strace");
    Map<String, Integer> counts = calls();
    assertTrue(counts.getOrDefault("pwrite64", 0) > 20, counts::toString);
    List<String> points = new ArrayList<>();
    counts.forEach((call, count) -> {
      for (int when = 1; when <= count; when++) {
        points.add(call + ":signal=KILL:when=" + when);
      }
    });
    for (int kill = 0; kill < Math.min(KILLS, points.size()); kill++) {
      String point = points.get((int) ((kill + 0.5) * points.size() / Math.min(KILLS, points.size())));
      Path data = old("killed-" + kill);
      String original = digest(data.resolve("db").resolve("holdfast.db"));

      int exit = traced(data, List.of("-e", "trace=" + String.join(",", CALLS), "-e", "inject=" + point));

      assertTrue(exit != 0, () -> point + ": it wasn't killed");
      requireSound(data, original, point);
    }
  }

  private static String digest(Path file) {
    try (Sql sql = Database.openAsItIs(file)) {
      return Rows.digest(sql);
    }
  }

  private static void requireSound(Path data, String original, String point) throws Exception {
    int version;
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("db").resolve("holdfast.db"));
        var rows = connection.createStatement().executeQuery("PRAGMA user_version")) {
      version = rows.getInt(1);
    }
    assertTrue(version >= OldDatabase.SCHEMA && version <= Migrations.ALL.newest(), point);
    try (Stream<Path> backups = Files.list(data.resolve("backup"))) {
      boolean isThere = backups.anyMatch(file -> file.toString().endsWith(".db") && digest(file).equals(original));
      assertTrue(isThere || version == OldDatabase.SCHEMA, point);
    }
    try (Store store = SqliteStore.open(data.resolve("db"), OldDatabase.NOW)) {
      assertTrue(store.read(StateText::of).contains("three"), point);
    }
  }
}
