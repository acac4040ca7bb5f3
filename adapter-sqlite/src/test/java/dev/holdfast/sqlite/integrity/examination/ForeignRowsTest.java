package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.sqlite.integrity.SqliteStore;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database into which rows of another directory, runtime or worker were put. */
@Timeout(300)
class ForeignRowsTest extends DamagedDatabase {
  private static final String LAST_ENTRY = "(SELECT max(no) FROM entry WHERE worker = 2)";
  private static final List<String> OF_ANOTHER_WORKER = List.of(
      // What was written for the first worker stands at the end of the second one's transcript, which counts it.
      "INSERT INTO entry SELECT (SELECT max(no) FROM entry) + 1, 2, (SELECT transcript_length FROM head WHERE no = 2) + 1, role, event_id, at, turn, "
          + "attempt, commit_no, status, content FROM entry WHERE no = (SELECT max(no) FROM entry WHERE worker = 1); "
          + "UPDATE head SET transcript_length = transcript_length + 1 WHERE no = 2",
      "UPDATE entry SET event_id = (SELECT max(event_id) FROM entry WHERE worker = 1) WHERE no = " + LAST_ENTRY,
      "UPDATE entry SET turn = (SELECT max(id) FROM turn WHERE worker = 1) WHERE no = " + LAST_ENTRY,
      "UPDATE entry SET event_id = 1000000 WHERE no = " + LAST_ENTRY,
      "UPDATE entry SET event_id = 1 WHERE no = " + LAST_ENTRY,
      "UPDATE input SET worker = 2 WHERE id = (SELECT max(id) FROM input WHERE worker = 1)");

  @Test
  @DisplayName("W-A20 transcript entries and inputs of another worker: the worker among whose rows they stand is told, and neither a start "
      + "nor recover --apply changes a row of theirs")
  void workers() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    for (String damage : OF_ANOTHER_WORKER) {
      Files.write(file(), whole);
      for (String statement : damage.split(";")) {
        sql(statement);
      }
      Diagnosis found = diagnosis();

      assertEquals(Impact.DEGRADED, found.impact(), () -> damage + ": " + found.told());
      assertTrue(subjects(found).contains(new WorkerId(2).value()), () -> damage + ": " + found.told());
      assertTrue(found.told().stream().allMatch(told -> told.finding().reason() == Reason.WORKER_QUARANTINED), damage);
      try (SqliteStore store = SqliteStore.open(folder(), START)) {
        assertEquals(List.of(), stores(store).recover(Consents.APPLY, HealthyContents.identities(1), START).steps());
      }
      assertEquals(subjects(found), subjects(diagnosis()), damage);
    }
  }

  @Test
  @DisplayName("W-A20 a database of another data directory, rows of a worker that isn't there, an unknown schema version: blocked, and "
      + "neither a look nor recover --apply changes a byte")
  void directories() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    check("UPDATE store_meta SET data_dir_id = 'dd-fedcba9876543210'", Reason.MANIFEST_IDENTITY_MISMATCH, true);
    Files.write(file(), whole);
    check("UPDATE batch SET worker = 77; UPDATE entry SET worker = 77 WHERE worker = 2", Reason.STORE_CORRUPT, true);
    Files.write(file(), whole);
    check("PRAGMA user_version = 99", Reason.FUTURE_SCHEMA, false);
  }

  private void check(String damage, Reason reason, boolean opens) throws Exception {
    for (String statement : damage.split(";")) {
      sql(statement);
    }
    byte[] damaged = Files.readAllBytes(file());
    Diagnosis found = diagnosis();
    assertEquals(Impact.BLOCKED, found.impact(), damage);
    assertTrue(found.told().stream().anyMatch(told -> told.finding().reason() == reason),
        () -> found.told().toString());
    if (opens) {
      try (SqliteStore store = SqliteStore.open(folder(), START)) {
        assertEquals(List.of(), stores(store).recover(Consents.APPLY, HealthyContents.identities(1), START).steps());
      }
    }
    assertArrayEquals(damaged, Files.readAllBytes(file()), damage);
  }
}
