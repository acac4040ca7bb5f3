package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Json;
import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.events.Event;
import dev.holdfast.domain.events.EventChange;
import dev.holdfast.domain.events.EventName;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.State;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;

/** What becomes of the units of one group when one of them, or the disk, fails. */
@Timeout(60)
class WriterTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path temp;

  @BeforeEach
  void makeDatabase() {
    SqliteStore.open(temp, NOW).close();
  }

  private static Event event(long id) {
    return new Event(id, null, EventName.RUNTIME_STARTED, NOW, null, Json.EMPTY_OBJECT, null);
  }

  private static Rule<Long> oneEvent() {
    return state -> {
      long id = state.lastEventId() + 1;
      return Decision.done(id, List.of(new EventChange.Appended(event(id))));
    };
  }

  /** Its second change can't be made: the event is there already. */
  private static Rule<Long> unwritable() {
    return state -> {
      long id = state.lastEventId() + 1;
      return Decision.done(id, List.of(new EventChange.Appended(event(id)), new EventChange.Appended(event(id))));
    };
  }

  private Sql connect(FailingDriver driver) throws SQLException {
    var sql = new Sql(temp.resolve("holdfast.db"),
        driver.around(DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("holdfast.db"))));
    sql.execute("PRAGMA synchronous = FULL");
    return sql;
  }

  private long lastEventAfterReopening() {
    try (Store store = SqliteStore.open(temp, NOW)) {
      return store.read(State::lastEventId);
    }
  }

  /** Runs the rules as one group, as if their callers had gathered behind a sync. */
  private static List<Command<Long>> asOneGroup(Writer writer, List<Rule<Long>> rules) {
    List<Command<Long>> group = rules.stream().map(rule -> new Command<>(rule)).toList();
    writer.runGroup(group);
    return group;
  }

  private static Reason refusalOf(Command<Long> command) {
    return assertThrows(StoreException.class, command::await).reason();
  }

  @Test
  @DisplayName("an error that a rule throws reaches its caller, and its neighbours and the writer go on")
  void errorInRule() throws Exception {
    var error = new StackOverflowError();
    try (var writer = new Writer(connect(new FailingDriver("", SQLiteErrorCode.SQLITE_OK)))) {
      List<Command<Long>> group = asOneGroup(writer, List.of(oneEvent(), _ -> {
        throw error;
      }, oneEvent()));

      assertEquals(1, group.get(0).await().orThrow());
      assertSame(error, assertThrows(StackOverflowError.class, () -> group.get(1).await()));
      assertEquals(2, group.get(2).await().orThrow());
      assertEquals(3, writer.write(oneEvent()).orThrow());
    }
    assertEquals(3, lastEventAfterReopening());
  }

  @Test
  @DisplayName("an error in the writer's own thread doesn't end it")
  void errorInWritersThread() throws Exception {
    var inRule = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var writer = new Writer(connect(new FailingDriver("", SQLiteErrorCode.SQLITE_OK)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome<Long>> slow = threads.submit(() -> writer.write(state -> {
        inRule.countDown();
        assertDoesNotThrow(() -> goOn.await());
        return oneEvent().decide(state);
      }));
      inRule.await();
      // Whoever comes now leaves its unit to the writer's thread, the connection being taken.
      Future<Outcome<Long>> broken = threads.submit(() -> writer.write(_ -> {
        throw new AssertionError("of a rule");
      }));
      Future<Outcome<Long>> next = threads.submit(() -> writer.write(oneEvent()));
      goOn.countDown();

      assertEquals(1, slow.get().orThrow());
      assertInstanceOf(AssertionError.class, assertThrows(ExecutionException.class, broken::get).getCause());
      assertEquals(2, next.get().orThrow());
    }
  }

  @Test
  @DisplayName("a rule that writes in the writer's own thread is refused, and doesn't wait for itself")
  void ruleWritesInWritersThread() throws Exception {
    var inRule = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    try (var writer = new Writer(connect(new FailingDriver("", SQLiteErrorCode.SQLITE_OK)));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome<Long>> slow = threads.submit(() -> writer.write(state -> {
        inRule.countDown();
        assertDoesNotThrow(() -> goOn.await());
        return oneEvent().decide(state);
      }));
      inRule.await();
      Future<Outcome<Long>> nested = threads.submit(() -> writer.write(_ -> Decision.done(
          writer.write(oneEvent()).orThrow(), List.of())));
      Future<Outcome<Long>> next = threads.submit(() -> writer.write(oneEvent()));
      goOn.countDown();

      assertEquals(1, slow.get().orThrow());
      assertInstanceOf(IllegalStateException.class, assertThrows(ExecutionException.class, nested::get).getCause());
      assertEquals(2, next.get().orThrow());
    }
    assertEquals(2, lastEventAfterReopening());
  }

  @Test
  @DisplayName("a unit that can't be written fails alone: the group is undone and each is decided again by itself")
  void unwritableUnit() throws Exception {
    try (var writer = new Writer(connect(new FailingDriver("", SQLiteErrorCode.SQLITE_OK)))) {
      List<Command<Long>> group = asOneGroup(writer, List.of(oneEvent(), unwritable(), oneEvent()));

      assertEquals(1, group.get(0).await().orThrow());
      assertThrows(RuntimeException.class, () -> group.get(1).await());
      assertEquals(2, group.get(2).await().orThrow());
    }
    assertEquals(2, lastEventAfterReopening());
  }

  @Test
  @DisplayName("I-A28 a commit that fails for the disk poisons: nothing of the group is acknowledged, nothing more is written")
  void failedCommit() throws Exception {
    var driver = new FailingDriver("COMMIT", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
    try (var writer = new Writer(connect(driver))) {
      assertEquals(1, writer.write(oneEvent()).orThrow());
      driver.fail();
      for (Command<Long> command : asOneGroup(writer, List.of(oneEvent(), oneEvent()))) {
        assertEquals(Reason.STORE_POISONED, refusalOf(command));
      }
      driver.recover();
      assertEquals(Reason.STORE_POISONED,
          assertThrows(StoreException.class, () -> writer.write(oneEvent())).reason());
    }
    assertEquals(1, lastEventAfterReopening());
  }

  @Test
  @DisplayName("I-A28 a sync that fails in a checkpoint poisons too, though what was answered stays")
  void failedCheckpoint() throws Exception {
    var driver = new FailingDriver("PRAGMA wal_checkpoint(NOOP)", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
    long answered = 0;
    try (var writer = new Writer(connect(driver))) {
      driver.fail();
      var refusal = Reason.OUTCOME_UNKNOWN;
      while (refusal == Reason.OUTCOME_UNKNOWN && answered < 1_000) {
        try {
          answered = writer.write(oneEvent()).orThrow();
        } catch (StoreException e) {
          refusal = e.reason();
        }
      }
      assertEquals(Reason.STORE_POISONED, refusal);
    }
    assertTrue(answered > 0);
    assertEquals(answered, lastEventAfterReopening());
  }

  @Test
  @DisplayName("I-A28 a disk that is full at the commit refuses the whole group and doesn't poison")
  void fullAtCommit() throws Exception {
    var driver = new FailingDriver("COMMIT", SQLiteErrorCode.SQLITE_FULL);
    try (var writer = new Writer(connect(driver))) {
      driver.fail();
      for (Command<Long> command : asOneGroup(writer, List.of(oneEvent(), oneEvent()))) {
        assertEquals(Reason.STORAGE_FULL, refusalOf(command));
      }
      driver.recover();
      assertEquals(1, writer.write(oneEvent()).orThrow());
    }
    assertEquals(1, lastEventAfterReopening());
  }

  @Test
  @DisplayName("a caller who is interrupted while it waits gets its answer, and the interrupt afterwards")
  void interruptedCaller() throws Exception {
    try (var writer = new Writer(connect(new FailingDriver("", SQLiteErrorCode.SQLITE_OK)))) {
      Thread.currentThread().interrupt();
      Outcome<Long> answer = writer.write(oneEvent());

      assertTrue(Thread.interrupted());
      assertEquals(1, answer.orThrow());
      var command = new Command<Long>(oneEvent());
      var threads = Thread.ofVirtual().unstarted(() -> writer.runGroup(List.of(command)));
      Thread.currentThread().interrupt();
      threads.start();
      assertEquals(2, command.await().orThrow());
      assertTrue(Thread.interrupted());
    }
  }
}
