package dev.holdfast.sqlite.integrity.stores;

import dev.holdfast.domain.Decision;
import dev.holdfast.domain.Ids;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.rebuild.KnownSources;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.stores.MapEvidence;
import dev.holdfast.domain.workers.RuntimeLimits;
import dev.holdfast.domain.workers.RuntimeState;
import dev.holdfast.domain.workers.RuntimeStatus;
import dev.holdfast.domain.workers.WorkerChange;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.database.Transactions;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The database of a test as one process has it, and its stores. */
record Directory(Path folder, SqliteStore store, TableStores stores, KnownSources sources, MapEvidence evidence)
    implements AutoCloseable {
  static final Instant NOW = HealthyContents.NOW;
  static final Instant LATER = NOW.plusSeconds(60);
  static final String DATA_DIR = "dd-0123456789abcdef";

  /** Numbers that no two processes of the tests give. */
  private static final AtomicLong LAST = new AtomicLong();
  private static final Ids IDS = digits -> String.format("%0" + digits + "x", LAST.incrementAndGet());

  /** A database with no stores in it; with a runtime when it is new. */
  static Directory empty(Path folder) {
    SqliteStore store = SqliteStore.open(folder, NOW);
    var sources = new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
    var evidence = new MapEvidence();
    return new Directory(folder, store, new TableStores(store::transactions,
        new TableStores.Place(DATA_DIR, 1, evidence), sources.rebuilding(), IDS), sources, evidence);
  }

  /** Stores of epoch 1 that are all there. */
  static Directory healthy(Path folder) {
    Directory made = empty(folder);
    made.write(1);
    return made;
  }

  void write(long epoch) {
    var identities = HealthyContents.identities(epoch);
    stores.write(BatchReason.LAUNCH_CHECKPOINT, identities, HealthyContents.of(identities), NOW).orThrow();
  }

  void makeRuntime() {
    store.write(_ -> Decision.done(1,
        List.of(new WorkerChange.RuntimePut(new RuntimeState(HealthyContents.RUNTIME, null,
            RuntimeLimits.DEFAULT, RuntimeStatus.RUNNING, 0, 0, RuntimeState.WorkerCounts.NONE,
            RuntimeState.DiagnosticCounts.NONE, NOW)))));
  }

  void sql(String text) {
    store.transactions().write(sql -> {
      sql.execute("PRAGMA ignore_check_constraints = 1");
      sql.execute(text);
      return true;
    });
  }

  <T> T rows(Function<Transactions, T> query) {
    return query.apply(store.transactions());
  }

  Planning plan() {
    return Planner.plan(stores.survey(),
        new Planner.Asked(new PlanId("hf-plan-0123456789abcdef"), DATA_DIR, null, LATER));
  }

  Recovered recover(Consents consents) {
    return stores.recover(consents, HealthyContents.identities(1), LATER);
  }

  @Override
  public void close() {
    store.close();
  }
}
