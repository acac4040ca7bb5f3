package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreSuite;
import dev.holdfast.domain.integrity.batches.BatchReason;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.LaunchRules;
import dev.holdfast.domain.integrity.contents.SoftTable;
import dev.holdfast.domain.integrity.rebuild.KnownSources;
import dev.holdfast.domain.integrity.rebuild.Rebuilding;
import dev.holdfast.domain.integrity.recovery.Action;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.stores.Descriptor;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.integrity.stores.MapEvidence;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.stores.StoresOfRows;
import dev.holdfast.sqlite.integrity.stores.TableStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;

/** A database with a history and the stores of a run, which a test damages and the doctor looks at. */
abstract class DamagedDatabase extends StoreSuite {
  static final String DATA_DIR = "dd-0123456789abcdef";
  static final Duration LONG = Duration.ofMinutes(1);

  @TempDir
  Path temp = Path.of(".");

  private final AtomicLong lastId = new AtomicLong();
  private final MapEvidence evidence = new MapEvidence();

  final Path folder() {
    return temp.resolve("db");
  }

  final Path file() {
    return folder().resolve("holdfast.db");
  }

  @Override
  protected Store open() {
    return SqliteStore.open(folder(), START);
  }

  /** Two workers with turns, and the stores of a run. */
  final void fill() {
    for (int w = 0; w < 2; w++) {
      WorkerId worker = worker();
      for (int i = 0; i < 6; i++) {
        send(worker, "input " + i);
        runTurn(worker, "answer " + i);
      }
      send(worker, "one that waits");
    }
    writeStores();
    store().close();
  }

  final TableStores stores(SqliteStore store) {
    var rows = new StoresOfRows(() -> store, () -> 1);
    var sources = new KnownSources(HealthyContents.of(HealthyContents.identities(1)));
    return new TableStores(store::transactions, new TableStores.Place(DATA_DIR, 1, evidence),
        new Rebuilding(rows, sources, sources, () -> true),
        digits -> String.format("%0" + digits + "x", lastId.incrementAndGet()));
  }

  final void writeStores() {
    var run = HealthyContents.identities(1);
    var store = (SqliteStore) store();
    var rows = new StoresOfRows(() -> store, () -> 1);
    var contents = HealthyContents.of(run);
    for (Descriptor derived : List.of(Descriptors.LAUNCH_STATE, Descriptors.SESSION_INDEX, Descriptors.TASK_LEDGER,
        Descriptors.REVISION, Descriptors.ARTIFACT_INDEX, Descriptors.JOURNAL_INDEX)) {
      contents.put(derived, rows.content(derived, run).orElseThrow());
    }
    contents.put(Descriptors.LAUNCH_TRANSACTION, LaunchRules.begin(null, run.runId()).json());
    contents.put(Descriptors.PROVIDER_TABLE, SoftTable.EMPTY.json());
    stores(store).write(BatchReason.LAUNCH_CHECKPOINT, run, contents, START).orThrow();
  }

  final void sql(String text) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA ignore_check_constraints = 1");
      statement.execute("PRAGMA writable_schema = 1");
      statement.execute(text);
    }
  }

  final StoreInspection inspection() {
    return new SqliteStoreInspection(folder(), () -> false);
  }

  final Diagnosis diagnosis() throws IOException {
    byte[] before = Files.readAllBytes(file());
    Diagnosis found = Diagnosis.of(inspection().survey(), inspection().look(true, LONG),
        new Planner.Asked(new PlanId("hf-plan-0123456789abcdef"), DATA_DIR, null, START));
    assertArrayEquals(before, Files.readAllBytes(file()), "a look changed the file");
    return found;
  }

  static Action action(Diagnosis found) {
    return assertInstanceOf(Planning.Planned.class, found.planning()).plan().actions().stream()
        .filter(action -> action.reason() != null).findFirst().orElseThrow();
  }

  static List<String> subjects(Diagnosis found) {
    return found.told().stream().map(told -> told.finding().subject()).filter(Objects::nonNull).distinct().toList();
  }
}
