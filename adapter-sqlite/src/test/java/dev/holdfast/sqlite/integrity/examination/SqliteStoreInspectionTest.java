package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.recovery.Finding;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.StoreInspectionContract;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.sqlite.integrity.SqliteStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreInspectionTest extends StoreInspectionContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int PAGE = 4096;

  @TempDir
  Path parent = Path.of(".");

  /** SQLite takes these for parts of an address where they aren't encoded. */
  private Path folder() {
    return parent.resolve("a #b%20?c");
  }

  private Path file() {
    return folder().resolve("holdfast.db");
  }

  @Override
  protected StoreInspection inspect() {
    return new SqliteStoreInspection(folder(), () -> false);
  }

  @Override
  protected void fill() {
    try (SqliteStore store = SqliteStore.open(folder(), NOW)) {
      store.write(state -> WorkerRules.open(state, new RuntimeId("rt-0123456789abcdef"), null, RuntimeLimits.DEFAULT,
          NOW)).orThrow();
      var caller = new WorkerRules.Caller("default", null, null);
      for (int i = 0; i < 200; i++) {
        store.write(state -> WorkerRules.create(state, CreateWorker.of(new WorkerIntent.Task("x".repeat(500))), caller,
            WorkerLimits.DEFAULT, NOW)).orThrow();
      }
    }
  }

  @Override
  protected void damage() throws IOException {
    try (var bytes = new RandomAccessFile(file().toFile(), "rw")) {
      for (long at = 4L * PAGE; at < bytes.length(); at += 2L * PAGE) {
        bytes.seek(at);
        bytes.write("damage ".repeat(100).getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @Override
  protected Object everything() throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(parent)) {
      for (Path path : tree.toList()) {
        found.put(path.toString(), Files.getLastModifiedTime(path) + " "
            + (Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : ""));
      }
    }
    return found;
  }

  @Test
  @DisplayName("a file that is no database is damage, and a log that SQLite passes by is none")
  void otherStates() throws IOException {
    fill();
    Files.writeString(folder().resolve("holdfast.db-wal"), "frames");
    Object before = everything();
    assertInstanceOf(StoreInspection.Condition.Sound.class, inspect().look(true, Duration.ofMinutes(1)));
    assertEquals(before, everything());
    Files.delete(folder().resolve("holdfast.db-wal"));
    Files.write(file(), List.of("not a database at all"));
    assertEquals(new StoreInspection.Condition.Damaged(List.of(new StoreInspection.Damage(
        new Finding(Reason.STORE_CORRUPT, "holdfast.launch_state", "it is not a database"), Impact.BLOCKED))),
        inspect().look(true, Duration.ofMinutes(1)));
  }
}
