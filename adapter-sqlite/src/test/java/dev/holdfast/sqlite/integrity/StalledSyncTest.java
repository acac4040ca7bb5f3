package dev.holdfast.sqlite.integrity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.Outcome;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.RuntimeId;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Rule;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.turns.TurnLimits;
import dev.holdfast.domain.turns.claims.NextWork;
import dev.holdfast.domain.turns.claims.WorkRules;
import dev.holdfast.domain.turns.inputs.InputDraft;
import dev.holdfast.domain.turns.inputs.InputRules;
import dev.holdfast.domain.turns.leases.LeaseRules.Claimant;
import dev.holdfast.domain.turns.leases.Owner;
import dev.holdfast.domain.turns.output.AppendRules;
import dev.holdfast.domain.turns.output.AppendRules.Appended;
import dev.holdfast.domain.turns.output.OutputCursor;
import dev.holdfast.domain.turns.output.OutputPayload;
import dev.holdfast.domain.turns.output.OutputPayload.Channel;
import dev.holdfast.domain.workers.CreateWorker;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.WorkerIntent;
import dev.holdfast.domain.workers.WorkerLimits;
import dev.holdfast.domain.workers.WorkerRules;
import dev.holdfast.sqlite.integrity.database.Sql;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;

/** A disk that hangs in the middle of a sync: what it doesn't have yet, nobody sees. */
class StalledSyncTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir
  private Path temp;

  private NextWork.Run run;

  @BeforeEach
  void takeATurn() {
    try (Store store = SqliteStore.open(temp, NOW)) {
      store.write(state -> WorkerRules.open(state, new RuntimeId("rt-test"), null, RuntimeLimits.DEFAULT, NOW));
      var caller = new WorkerRules.Caller("default", null, null);
      WorkerId worker = store.write(state -> WorkerRules.create(
          state, CreateWorker.of(new WorkerIntent.Assistant(null)), caller, WorkerLimits.DEFAULT, NOW)).orThrow().id();
      store.write(state -> InputRules.accept(
          state, InputRules.Sender.to(worker), InputDraft.user("go"), WorkerLimits.DEFAULT, NOW));
      var claimant = new Claimant(new Owner("key:agent", "1"), "token", TurnLimits.DEFAULT.leaseTtl());
      run = (NextWork.Run) store.write(
          state -> WorkRules.take(state, worker, claimant, TurnLimits.DEFAULT, NOW)).orThrow();
    }
  }

  private Rule<Appended> appending(long firstSeq, String text) {
    List<OutputPayload> delta = List.of(new OutputPayload.Delta(Channel.TEXT, text));
    return state -> AppendRules.append(
        state, run.lease().fence(), run.turn().id(), run.turn().lastAttempt().number(), firstSeq, delta, NOW);
  }

  private Sql connect(FailingDriver driver) throws Exception {
    Path file = temp.resolve("holdfast.db");
    return new Sql(file, driver.around(DriverManager.getConnection("jdbc:sqlite:" + file)));
  }

  private static long records(Store reader, NextWork.Run run) {
    return reader.read(state -> state.output(run.turn().id(), OutputCursor.START, 100)).size();
  }

  @Test
  @DisplayName("T-A40 delta never visible before durable (sync stalled: nothing sent); append duplicates ignored, gap"
      + " refused")
  void stalled() throws Exception {
    var driver = new FailingDriver("COMMIT", SQLiteErrorCode.SQLITE_OK);
    var disk = new CountDownLatch(1);
    driver.stall(disk);
    try (var reader = SqliteStore.open(temp, NOW); var writer = new Writer(connect(driver));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var decided = new CountDownLatch(1);
      Future<Outcome<Appended>> append = threads.submit(() -> writer.write(state -> {
        try {
          return appending(2, "a delta").decide(state);
        } finally {
          decided.countDown();
        }
      }));
      decided.await();

      assertEquals(1, records(reader, run), "only the attempt's own first record");
      assertFalse(append.isDone(), "and nobody was told of more");

      disk.countDown();
      assertEquals(2, append.get().orThrow().lastSeq());
      assertEquals(2, records(reader, run));
      assertEquals(2, writer.write(appending(2, "again")).orThrow().lastSeq());
      assertEquals(2, records(reader, run), "a number that is known is ignored");
      Outcome.Refused<?> gap = assertInstanceOf(Outcome.Refused.class, writer.write(appending(4, "too far")));
      assertEquals(Reason.OUTPUT_GAP, gap.reason());
      assertEquals(3L, gap.facts().get("expected_seq"));
    }
  }
}
