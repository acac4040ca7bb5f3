package dev.holdfast.sqlite.integrity.examination;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.holdfast.domain.Reason;
import dev.holdfast.domain.WorkerId;
import dev.holdfast.domain.integrity.StateText;
import dev.holdfast.domain.integrity.Store;
import dev.holdfast.domain.integrity.StoreException;
import dev.holdfast.domain.integrity.batches.PlanId;
import dev.holdfast.domain.integrity.contents.HealthyContents;
import dev.holdfast.domain.integrity.recovery.ActionKind;
import dev.holdfast.domain.integrity.recovery.Consents;
import dev.holdfast.domain.integrity.recovery.Diagnosis;
import dev.holdfast.domain.integrity.recovery.Impact;
import dev.holdfast.domain.integrity.recovery.Planner;
import dev.holdfast.domain.integrity.recovery.Planning;
import dev.holdfast.domain.integrity.recovery.Readiness;
import dev.holdfast.domain.integrity.recovery.Recovered;
import dev.holdfast.domain.integrity.recovery.RecoveryStep;
import dev.holdfast.domain.integrity.recovery.StepTaken;
import dev.holdfast.domain.integrity.recovery.StoreInspection;
import dev.holdfast.domain.integrity.recovery.StoreInspection.Condition;
import dev.holdfast.sqlite.integrity.SqliteStore;
import dev.holdfast.sqlite.integrity.database.Database;
import dev.holdfast.sqlite.integrity.database.Migrations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the doctor finds in a database whose file isn't what was written. */
@Timeout(300)
class FoundDamageTest extends DamagedDatabase {
  private static final int PAGE = 4096;

  @Test
  @DisplayName("I-A36 a healthy database has nothing to tell, and beside it nothing is left")
  void healthy() throws Exception {
    fill();
    Diagnosis found = diagnosis();
    assertEquals(List.of(), found.told());
    assertEquals(new Condition.Sound("by SQLite's integrity check, and by reading every row: 42 events of 2 workers",
        Long.MAX_VALUE).journalEnd(), assertInstanceOf(Condition.Sound.class, found.rows()).journalEnd());
    try (var files = Files.list(folder())) {
      assertEquals(List.of("holdfast.db"), files.map(one -> one.getFileName().toString()).toList());
    }
  }

  @Test
  @DisplayName("I-A36 a killed node's database is looked at with its log, without a change to either, and beside a running node "
      + "the findings are the same")
  void beside() throws Exception {
    WorkerId worker = worker();
    send(worker, "in the log");
    byte[] log = Files.readAllBytes(folder().resolve("holdfast.db-wal"));
    assertTrue(log.length > 0);
    byte[] file = Files.readAllBytes(file());
    Path killed = Files.createDirectory(temp.resolve("killed"));
    Files.write(killed.resolve("holdfast.db"), file);
    Files.write(killed.resolve("holdfast.db-wal"), log);

    Condition offline = new SqliteStoreInspection(killed, () -> false).look(true, LONG);
    Condition running = new SqliteStoreInspection(folder(), () -> true).look(true, LONG);

    assertEquals(offline, running);
    assertInstanceOf(Condition.Sound.class, offline);
    assertArrayEquals(log, Files.readAllBytes(killed.resolve("holdfast.db-wal")));
    assertArrayEquals(file, Files.readAllBytes(killed.resolve("holdfast.db")));
    try (var files = Files.list(killed)) {
      assertEquals(2, files.count());
    }
    assertArrayEquals(log, Files.readAllBytes(folder().resolve("holdfast.db-wal")));
    assertArrayEquals(file, Files.readAllBytes(file()));
  }

  @Test
  @DisplayName("I-A32 SQLite: a damaged header and a damaged page: quarantine of the launch state, blocked, a backup is advised "
      + "and no option of recover helps")
  void pages() throws Exception {
    fill();
    byte[] whole = Files.readAllBytes(file());
    for (int at : new int[] {0, 20, 3 * PAGE, 5 * PAGE + 8}) {
      byte[] damaged = whole.clone();
      Arrays.fill(damaged, at, at + 16, (byte) 0xa5);
      Files.write(file(), damaged);

      Diagnosis found = diagnosis();

      assertEquals(Impact.BLOCKED, found.impact(), () -> "at " + at);
      assertEquals(ActionKind.QUARANTINE, action(found).kind());
      assertEquals("holdfast.launch_state", action(found).schemaName());
      assertEquals(1, found.told().size(), "it is told once");
      assertTrue(found.told().getLast().advice().contains("restore"), found.told()::toString);
    }
  }

  @Test
  @DisplayName("I-A32, I-A36 SQLite: a scribbled or an emptied file beside the log of a killed node: the doctor and a start refuse both, "
      + "whatever the log has")
  void headerBesideLog() throws Exception {
    fill();
    openFresh();
    // The header's page is in the log as well.
    ((SqliteStore) store()).transactions().write(sql -> {
      sql.execute("PRAGMA user_version = " + Migrations.ALL.newest());
      sql.execute("CREATE TABLE more (one INTEGER)");
      sql.execute("DROP TABLE more");
      return true;
    });
    send(worker(), "in the log");
    byte[] file = Files.readAllBytes(file());
    byte[] log = Files.readAllBytes(folder().resolve("holdfast.db-wal"));
    assertTrue(log.length > 0);
    byte[] scribbled = file.clone();
    Arrays.fill(scribbled, 0, 16, (byte) 0xa5);
    checkRefused(scribbled, log, "it is not a database");
    checkRefused(Arrays.copyOf(file, 50), log, "it is not a database");
    checkRefused(new byte[0], log, "");
  }

  private void checkRefused(byte[] file, byte[] log, String what) throws Exception {
    Path killed = Files.createTempDirectory(temp, "killed").resolve("db");
    Files.createDirectory(killed);
    Files.write(killed.resolve("holdfast.db"), file);
    Files.write(killed.resolve("holdfast.db-wal"), log);
    StoreInspection inspection = new SqliteStoreInspection(killed, () -> false);
    Diagnosis found = Diagnosis.of(inspection.survey(), inspection.look(true, LONG),
        new Planner.Asked(new PlanId("hf-plan-0123456789abcdef"), DATA_DIR, null, START));
    assertEquals(Impact.BLOCKED, found.impact(), () -> found.told().toString());
    assertTrue(found.told().getFirst().finding().note().contains(what), () -> found.told().toString());
    assertThrows(StoreException.class, () -> {
      Database.requireThere(killed);
      SqliteStore.open(killed, START).close();
    });
    assertArrayEquals(file, Files.readAllBytes(killed.resolve("holdfast.db")));
  }

  @Test
  @DisplayName("I-A32 SQLite: a row that refers to none: quarantine of the launch state, blocked")
  void references() throws Exception {
    fill();
    sql("DELETE FROM worker WHERE no = 2");
    assertEquals(Impact.BLOCKED, diagnosis().impact());
    assertEquals(ActionKind.QUARANTINE, action(diagnosis()).kind());
    assertTrue(subjects(diagnosis()).contains("holdfast.launch_state"));
  }

  @Test
  @DisplayName("I-A32 SQLite: an index that isn't what its table says: degraded; recover --apply makes it anew, and then nothing is "
      + "wrong")
  void index() throws Exception {
    fill();
    sql("UPDATE sqlite_schema SET sql = replace(sql, '(worker, id)', '(id, worker)') WHERE name = 'input_worker'");

    Diagnosis found = diagnosis();

    assertEquals(Impact.DEGRADED, found.impact(), () -> found.told().toString());
    assertTrue(found.told().stream().allMatch(told -> "holdfast.journal_index".equals(told.finding().subject())));
    try (SqliteStore store = SqliteStore.open(folder(), START)) {
      Recovered recovered = stores(store).recover(Consents.APPLY, HealthyContents.identities(1), START);
      assertEquals(List.of(RecoveryStep.REBUILD_FROM_CANONICAL_DESTINATION),
          recovered.steps().stream().map(StepTaken::step).toList());
      assertTrue(Readiness.of(recovered.planning(), List.of()).ok());
    }
    assertEquals(List.of(), diagnosis().told());
  }

  @Test
  @DisplayName("I-A32 SQLite: a newer user_version: future_schema, and the file's bytes stay; an older one is judged by the start that "
      + "brings it up to date")
  void versions() throws Exception {
    fill();
    sql("PRAGMA user_version = 99");
    assertEquals(Reason.FUTURE_SCHEMA, assertInstanceOf(Planning.NoPlan.class, diagnosis().planning()).reason());
    sql("PRAGMA user_version = " + (Migrations.ALL.newest() - 1));
    assertEquals(List.of(), diagnosis().told());
  }

  @Test
  @DisplayName("each byte of a small database flipped in strides, and each page zeroed or cut off: the doctor tells it, or everything "
      + "can be read; a byte of the stores' own rows is always told")
  void everyStride() throws Exception {
    WorkerId worker = worker();
    send(worker, "an input");
    runTurn(worker, "an answer");
    writeStores();
    long lines = read(StateText::of).lines().count();
    store().close();
    byte[] whole = Files.readAllBytes(file());
    int found = 0;
    int harmless = 0;
    int stride = Integer.getInteger("holdfast.stride", 1_009);
    for (int at = 0; at < whole.length; at += stride) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) 0x41;
      if (isTold(damaged, lines, "flipped at " + at)) {
        found++;
      } else {
        harmless++;
      }
    }
    for (int at = 0; at < whole.length; at += PAGE) {
      byte[] zeroed = whole.clone();
      Arrays.fill(zeroed, at, Math.min(at + PAGE, whole.length), (byte) 0);
      isTold(zeroed, lines, "zeroed at " + at);
      assertTrue(isTold(Arrays.copyOf(whole, at), lines, "cut at " + at), "cut at " + at);
    }
    assertTrue(found > 0 && harmless > 0, found + " found, " + harmless + " harmless");
    String marked = new String(whole, StandardCharsets.ISO_8859_1);
    for (int at = marked.indexOf("\"aggregate_state\""); at < marked.indexOf("\"backend\"", at); at += 5) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      assertTrue(isTold(damaged, lines, "flipped at " + at), "flipped at " + at);
    }
  }

  /** @return whether the doctor tells it; else everything is there that was written, in its place */
  private boolean isTold(byte[] damaged, long lines, String what) throws IOException {
    Files.write(file(), damaged);
    Files.deleteIfExists(folder().resolve("holdfast.db-wal"));
    Files.deleteIfExists(folder().resolve("holdfast.db-shm"));
    try {
      if (!diagnosis().told().isEmpty()) {
        return true;
      }
    } catch (RuntimeException e) {
      throw new AssertionError(what, e);
    }
    try (Store store = SqliteStore.open(folder(), START)) {
      assertEquals(lines, store.read(StateText::of).lines().count(), what);
    } catch (StoreException e) {
      throw new AssertionError(what + " isn't told, and can't be read", e);
    }
    return false;
  }
}
