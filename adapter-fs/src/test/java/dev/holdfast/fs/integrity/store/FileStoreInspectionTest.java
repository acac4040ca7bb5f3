package dev.holdfast.fs.integrity.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Condition;
import dev.holdfast.domain.integrity.recovery.StoreInspectionContract;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.fs.integrity.Snapshots;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreInspectionTest extends StoreInspectionContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final int WORKERS = 50;

  @TempDir
  Path parent = Path.of(".");

  private Path journal() {
    return parent.resolve("journal");
  }

  @Override
  protected StoreInspection inspect() {
    return new FileStoreInspection(journal(), () -> FileStores.DIRECTORY_ID);
  }

  @Override
  protected void fill() {
    try (Store store = FileStores.open(parent)) {
      store.write(state -> WorkerRules.open(state, new RuntimeId("rt-0123456789abcdef"), null, RuntimeLimits.DEFAULT,
          NOW)).orThrow();
      var caller = new WorkerRules.Caller("default", null, null);
      for (int i = 0; i < WORKERS; i++) {
        store.write(state -> WorkerRules.create(state, CreateWorker.of(new WorkerIntent.Task("x".repeat(500))), caller,
            WorkerLimits.DEFAULT, NOW)).orThrow();
      }
    }
  }

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(journal())) {
      return files.sorted().toList();
    }
  }

  private static void overwrite(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      bytes.writeLong(0x0123456789abcdefL);
    }
  }

  @Override
  protected void damage() throws IOException {
    overwrite(segments().getFirst(), 4_000);
  }

  @Override
  protected Object everything() throws IOException {
    return Snapshots.of(parent);
  }

  @Test
  @DisplayName("what a sound journal holds is told, and what a killed node left at its end is no damage")
  void contents() throws IOException {
    fill();
    var sound = assertInstanceOf(Condition.Sound.class, inspect().look(true, LONG));
    assertTrue(sound.how().contains(segments().size() + " files, " + (WORKERS + 1) + " units of work"), sound.how());
    Path last = segments().getLast();
    Files.write(last, new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    Object before = everything();
    var torn = assertInstanceOf(Condition.Sound.class, inspect().look(true, LONG));
    assertTrue(torn.how().contains("bytes of one that nobody had an answer to"), torn.how());
    assertEquals(before, everything());
  }

  @Test
  @DisplayName("a lost or mixed-up journal is damage")
  void wrongFiles() throws IOException {
    fill();
    assertInstanceOf(Condition.Damaged.class,
        new FileStoreInspection(journal(), () -> "dd-fedcba9876543210").look(true, LONG));
    Files.delete(segments().get(1));
    var damaged = assertInstanceOf(Condition.Damaged.class, inspect().look(true, LONG));
    assertTrue(damaged.damages().getFirst().finding().note().contains("missing"), damaged.toString());
  }

  @Test
  @DisplayName("I-15 damage of one worker's units is told with the worker, and that all others are served")
  void oneWorker() throws IOException {
    fill();
    damage();
    var damaged = assertInstanceOf(Condition.Damaged.class, inspect().look(true, LONG));
    StoreInspection.Damage found = damaged.damages().getFirst();
    assertEquals(Reason.WORKER_QUARANTINED, found.finding().reason());
    assertEquals(Impact.DEGRADED, found.impact());
    assertTrue(String.valueOf(found.finding().subject()).startsWith("worker-0000000"), found.toString());
  }
}
