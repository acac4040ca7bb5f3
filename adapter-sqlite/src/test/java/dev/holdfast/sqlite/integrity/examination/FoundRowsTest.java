package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.holdfast.domain.JsonMembers;
import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.contents.LaunchState;
import dev.holdfast.domain.integrity.contents.SessionIndex;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.stores.Descriptors;
import dev.holdfast.domain.workers.WorkerStatus;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.stores.StoresOfRows;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the doctor finds in a database whose rows aren't what was written. */
@Timeout(300)
class FoundRowsTest extends DamagedDatabase {
  @Test
  @DisplayName("I-A32 SQLite: rows of one worker that can't be decoded or aren't there: that worker, degraded; others are not told")
  void workerRows() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    for (String damage : List.of("UPDATE head SET status = 'odd' WHERE no = 2",
        "UPDATE input SET state = 'odd' WHERE id = (SELECT max(id) FROM input WHERE worker = 2)",
        "UPDATE turn SET attempts = '[]' WHERE worker = 2 AND turn_index = 1",
        "DELETE FROM entry WHERE no = (SELECT max(no) FROM entry WHERE worker = 2)",
        "UPDATE head SET pending_inputs = 7 WHERE no = 2",
        "UPDATE event SET data = '{' WHERE id = (SELECT max(id) FROM event WHERE worker = 2)")) {
      Files.write(file(), whole);
      sql(damage);

      Diagnosis found = diagnosis();

      assertEquals(Impact.DEGRADED, found.impact(), () -> damage + ": " + found.told());
      assertEquals(List.of(new WorkerId(2).value()), subjects(found), damage);
      assertEquals(Reason.WORKER_QUARANTINED, found.told().getFirst().finding().reason());
    }
  }

  @Test
  @DisplayName("a worker whose rows can't be decoded stands as quarantined in the launch state, and has no session; others are told "
      + "as they are")
  void standing() throws Exception {
    fill();
    sql("UPDATE head SET status = 'odd' WHERE no = 2");
    try (SqliteStore store = SqliteStore.open(folder(), START)) {
      var rows = new StoresOfRows(() -> store, () -> 1);
      var run = HealthyContents.identities(2);
      LaunchState launch =
          LaunchState.read(JsonMembers.of(rows.content(Descriptors.LAUNCH_STATE, run).orElseThrow()));
      SessionIndex sessions =
          SessionIndex.read(JsonMembers.of(rows.content(Descriptors.SESSION_INDEX, run).orElseThrow()));

      assertEquals(List.of(WorkerStatus.RUNNING, WorkerStatus.QUARANTINED),
          launch.workers().stream().map(LaunchState.WorkerStanding::status).toList());
      assertEquals(Set.of(new WorkerId(1)), sessions.sessions().keySet());
    }
  }

  @Test
  @DisplayName("I-A32 SQLite: a missing table, a missing runtime, rows of nobody, lost events, counters below their rows: blocked; "
      + "diagnostics touch nothing")
  void runtimeRows() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    for (String damage : List.of("DROP TABLE turn", "DELETE FROM runtime",
        "UPDATE input SET worker = 77 WHERE worker = 2",
        "DELETE FROM event WHERE id = 5", "UPDATE runtime SET last_worker_number = 1",
        "UPDATE runtime SET status = 'odd'", "UPDATE schema_migrations SET sha256 = 'other'")) {
      Files.write(file(), whole);
      sql(damage);

      Diagnosis found = diagnosis();

      assertEquals(Impact.BLOCKED, found.impact(), () -> damage + ": " + found.told());
      assertEquals("holdfast.launch_state", found.told().getFirst().finding().subject(), damage);
    }
    Files.write(file(), whole);
    sql("INSERT INTO diagnostic VALUES (300, 0, 'odd', 'odd', 'odd', NULL)");
    assertEquals(Impact.NONE, diagnosis().impact());
    assertEquals(List.of("holdfast.diagnostics"), subjects(diagnosis()));
  }
}
